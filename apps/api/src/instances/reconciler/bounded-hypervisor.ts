import {
  type Gpu,
  type GuestFiles,
  type DisplaySize,
  type HostCapacity,
  Hypervisor,
  HypervisorError,
  HypervisorUnreachable,
  type Machine,
  type MachineSpec,
  type NextLaunch,
  type Personalisation,
  type ShareUse,
  type Template,
  type TemplateSpec,
} from '@beamdesk/hypervisor';

/** How long the worker waits for an answer, milliseconds. */
export interface CallLimits {
  /** create, start: an image may have to be read. */
  makeMs: number;
  /** stop, destroy. */
  endMs: number;
  /** find, list, check. */
  askMs: number;
}

export const DEFAULT_CALL_LIMITS: CallLimits = { makeMs: 60_000, endMs: 60_000, askMs: 10_000 };

/**
 * A hypervisor that never keeps the worker waiting for ever: a question without an answer is `HypervisorUnreachable`, a
 * machine that is not made in time a failed try. What was begun may still happen; every call is idempotent.
 */
export class BoundedHypervisor extends Hypervisor {
  constructor(
    private readonly inner: Hypervisor,
    private readonly limits: CallLimits = DEFAULT_CALL_LIMITS,
  ) {
    super();
  }

  create(spec: MachineSpec): Promise<Machine> {
    return within(this.inner.create(spec), this.limits.makeMs, () => tooSlow('create', spec.id));
  }

  start(id: string, consolePassword: string, launch?: NextLaunch): Promise<void> {
    return within(this.inner.start(id, consolePassword, launch), this.limits.makeMs, () => tooSlow('start', id));
  }

  personalise(id: string, what: Personalisation, timeoutMs: number): Promise<void> {
    const call = this.inner.personalise(id, what, timeoutMs);
    // A plan's boot script has a time of its own beside.
    const scriptMs = what.bootScript ? this.limits.makeMs : 0;
    return within(call, timeoutMs + scriptMs + this.limits.askMs, () => tooSlow('personalise', id));
  }

  setDisplay(id: string, size: DisplaySize): Promise<void> {
    return within(this.inner.setDisplay(id, size), this.limits.askMs, () => noAnswer('setDisplay'));
  }

  files(id: string): Promise<GuestFiles> {
    return within(this.inner.files(id), this.limits.makeMs, () => noAnswer('files'));
  }

  shareUses(id: string): Promise<ShareUse[]> {
    return within(this.inner.shareUses(id), this.limits.askMs, () => noAnswer('shareUses'));
  }

  cpuSeconds(id: string): Promise<number | null> {
    return within(this.inner.cpuSeconds(id), this.limits.askMs, () => noAnswer('cpuSeconds'));
  }

  stop(id: string, how?: 'ask' | 'cut'): Promise<void> {
    return within(this.inner.stop(id, how), this.limits.endMs, () => noAnswer('stop'));
  }

  destroy(id: string): Promise<void> {
    return within(this.inner.destroy(id), this.limits.endMs, () => noAnswer('destroy'));
  }

  find(id: string): Promise<Machine | null> {
    return within(this.inner.find(id), this.limits.askMs, () => noAnswer('find'));
  }

  list(): Promise<Machine[]> {
    return within(this.inner.list(), this.limits.askMs, () => noAnswer('list'));
  }

  check(): Promise<HostCapacity> {
    return within(this.inner.check(), this.limits.askMs, () => noAnswer('check'));
  }

  keepTemplates(specs: TemplateSpec[]): Promise<void> {
    return within(this.inner.keepTemplates(specs), this.limits.askMs, () => noAnswer('keepTemplates'));
  }

  templates(): Promise<Template[]> {
    return within(this.inner.templates(), this.limits.askMs, () => noAnswer('templates'));
  }

  rebuildTemplate(key: string): Promise<void> {
    return within(this.inner.rebuildTemplate(key), this.limits.askMs, () => noAnswer('rebuildTemplate'));
  }

  gpus(): Promise<Gpu[]> {
    return within(this.inner.gpus(), this.limits.askMs, () => noAnswer('gpus'));
  }

  watch(changed: (id: string) => void): () => void {
    return this.inner.watch(changed);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

function noAnswer(call: string): Error {
  return new HypervisorUnreachable(`${call} was not answered in time`);
}

function tooSlow(call: string, id: string): Error {
  return new HypervisorError(
    'Your desktop took too long to start.',
    'start-failed',
    `${call} of ${id} was not answered in time`,
  );
}

async function within<T>(call: Promise<T>, limitMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), limitMs);
  });
  try {
    return await Promise.race([call, limit]);
  } finally {
    clearTimeout(timer);
  }
}
