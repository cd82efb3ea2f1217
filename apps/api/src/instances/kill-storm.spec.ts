import { randomInt } from 'node:crypto';
import type { Hypervisor } from '@beamdesk/hypervisor';
import { MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { sumAllocations } from '@beamdesk/quota';
import { allocationOf } from './allocation';
import { InstanceEntity } from './entities/instance.entity';
import { InstanceReconciler } from './instance-reconciler';
import { MachineSpecs } from './reconciler/machine-specs';
import { Bench, IMAGES, NO_FENCE } from './testing/bench';

const SEEDS = 100;
const DESKTOPS = 3;

/** Small and repeatable (mulberry32): a failing seed can be run again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The life of one worker process: after `calls` more calls it is dead, before or after what it asked for was done. */
class Life {
  dead = false;
  private readonly death: Promise<never>;
  private die: () => void = () => undefined;

  constructor(
    private calls: number,
    private readonly next: () => number,
  ) {
    this.death = new Promise((_, reject) => {
      this.die = () => reject(new Error('killed'));
    });
    this.death.catch(() => undefined);
  }

  /** Everything a killed process asked for may have happened or not; it never learns. */
  mortal<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name, receiver) => {
        const value: unknown = Reflect.get(object, name, receiver);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => this.call(() => (value as (...a: unknown[]) => unknown).apply(object, args));
      },
    });
  }

  /** Ends with the worker's task, or with the worker. */
  async whileAlive(task: Promise<void>): Promise<void> {
    await Promise.race([task, this.death]).catch(() => undefined);
  }

  private async call(proceed: () => unknown): Promise<unknown> {
    if (this.dead) return new Promise(() => undefined);
    if (this.calls-- > 0) return proceed();
    this.dead = true;
    if (this.next() < 0.5) await proceed();
    this.die();
    return new Promise(() => undefined);
  }
}

describe('a worker killed at any line', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open();
    bench.settings.settleMs = 0;
  });

  afterAll(() => bench.close());

  function worker(life: Life, hypervisor: Hypervisor): InstanceReconciler {
    const specs = new MachineSpecs(IMAGES);
    return new InstanceReconciler(
      life.mortal(bench.instances),
      life.mortal(hypervisor),
      specs,
      bench.secrets,
      bench.settings,
      life.mortal(bench.launches),
    );
  }

  /** Something a person, a guest or the clock does. */
  async function meddle(id: string, memory: MemoryHypervisor, next: () => number): Promise<void> {
    const choice = Math.floor(next() * 7);
    if (choice === 0) await bench.instances.want(id, 'DELETED', 'deleted', ['RUNNING', 'STOPPED']);
    if (choice === 1 && (await bench.row(id)).plan.keepsDisk)
      await bench.instances.want(id, 'STOPPED', 'expired', ['RUNNING']);
    if (choice === 2) memory.powerOff(id);
    if (choice === 3) memory.crash(id);
    if (choice === 4) memory.agentLost(id);
    if (choice === 5) memory.sessionUp(id);
    if (choice === 6) await bench.again(id);
  }

  async function usageIsExact(): Promise<void> {
    const person = [{ kind: 'user', id: bench.owner }] as const;
    // One snapshot: what a dead worker had under way may still commit in between.
    const [rows, usage] = await bench.dataSource.transaction(
      'REPEATABLE READ',
      async (manager) =>
        [await manager.find(InstanceEntity), (await bench.standings.of(person, manager))[0]?.usage] as const,
    );
    const live = rows.filter(({ state }) => state !== 'DELETED').map(allocationOf);
    expect(usage).toMatchObject(sumAllocations(live));
  }

  async function storm(seed: number): Promise<void> {
    await bench.dataSource.query('TRUNCATE instance, instance_move, member, port_reservation CASCADE');
    const next = random(seed);
    const memory = new MemoryHypervisor();
    const ids: string[] = [];
    for (let i = 0; i < DESKTOPS; i++) ids.push(await bench.request({ plan: { keepsDisk: next() < 0.5 } }));
    for (let lives = 2 + Math.floor(next() * 5); lives > 0; lives--) {
      const life = new Life(Math.floor(next() * 25), next);
      const reconciler = worker(life, memory);
      await Promise.all(ids.map((id) => life.whileAlive(reconciler.reconcile(id, NO_FENCE))));
      await usageIsExact();
      await meddle(ids[Math.floor(next() * ids.length)] ?? '', memory, next);
      await usageIsExact();
    }
    const last = bench.reconciler(memory);
    for (const id of ids) {
      memory.sessionUp(id);
      // Twice: a guest that is asked to power off is off at the next look.
      await last.reconcile(id, NO_FENCE);
      await last.reconcile(id, NO_FENCE);
      expect(['READY', 'STOPPED', 'FAILED', 'DELETED']).toContain((await bench.row(id)).state);
    }
    expect(await bench.contradictions(await memory.list())).toEqual([]);
    await usageIsExact();
  }

  const first = Number(process.env['STORM_SEED'] ?? randomInt(1_000_000));
  it(`leaves rows, machines, ports and quota in agreement (${SEEDS} seeds from ${first})`, async () => {
    for (let seed = first; seed < first + SEEDS; seed++) {
      try {
        await storm(seed);
      } catch (error) {
        throw new Error(`STORM_SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
  }, 240_000);
});
