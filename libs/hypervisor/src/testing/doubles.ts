import { HypervisorUnreachable } from '../errors';
import { Hypervisor } from '../hypervisor';
import { MemoryHypervisor } from '../memory/memory-hypervisor';
import { DelegatingHypervisor, HypervisorCall } from './delegating-hypervisor';

/** Does everything, each call `delayMs` later than it could; set `delayMs` at any time. */
export class SlowHypervisor extends DelegatingHypervisor {
  constructor(
    public delayMs: number,
    inner: Hypervisor = new MemoryHypervisor(),
  ) {
    super(inner);
  }

  protected async around<T>(_call: HypervisorCall, _id: string | null, proceed: () => Promise<T>): Promise<T> {
    await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    return proceed();
  }
}

/** Accepts the calls named (by default all that act on a machine) and never answers them. */
export class NeverHypervisor extends DelegatingHypervisor {
  constructor(
    private readonly calls: HypervisorCall[] = ['create', 'personalise', 'start', 'stop', 'destroy'],
    inner: Hypervisor = new MemoryHypervisor(),
  ) {
    super(inner);
  }

  protected around<T>(call: HypervisorCall, _id: string | null, proceed: () => Promise<T>): Promise<T> {
    return this.calls.includes(call) ? new Promise<T>(() => undefined) : proceed();
  }
}

/** Throws what `failures` names for a call, as long as it names it; by default nothing can be asked at all. */
export class FailingHypervisor extends DelegatingHypervisor {
  constructor(
    public failures: Partial<Record<HypervisorCall, Error>> | 'unreachable' = 'unreachable',
    inner: Hypervisor = new MemoryHypervisor(),
  ) {
    super(inner);
  }

  protected async around<T>(call: HypervisorCall, _id: string | null, proceed: () => Promise<T>): Promise<T> {
    const failure =
      this.failures === 'unreachable' ? new HypervisorUnreachable(`${call}: told to fail`) : this.failures[call];
    if (failure) throw failure;
    return proceed();
  }
}

/** Its machines can be gone from one moment to the next, without a trace, a word or an exit. */
export class VanishingHypervisor extends DelegatingHypervisor {
  /** How long after `create` each machine vanishes; null = only by `vanish`. */
  constructor(
    private readonly afterMs: number | null = null,
    inner: Hypervisor = new MemoryHypervisor(),
  ) {
    super(inner);
  }

  vanish(id: string): Promise<void> {
    return this.inner.destroy(id);
  }

  protected async around<T>(call: HypervisorCall, id: string | null, proceed: () => Promise<T>): Promise<T> {
    const answer = await proceed();
    if (call === 'create' && id !== null && this.afterMs !== null) {
      setTimeout(() => void this.vanish(id), this.afterMs).unref();
    }
    return answer;
  }
}
