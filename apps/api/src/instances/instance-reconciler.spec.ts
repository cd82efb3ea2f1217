import {
  FailingHypervisor,
  MemoryHypervisor,
  NeverHypervisor,
  SlowHypervisor,
  VanishingHypervisor,
} from '@beamdesk/hypervisor/testing';
import { HypervisorError, MachineRefused } from '@beamdesk/hypervisor';
import { NOTHING } from '@beamdesk/quota';
import { allocationOf } from './allocation';
import { BoundedHypervisor } from './reconciler/bounded-hypervisor';
import { Bench, IMAGES, NO_FENCE, NO_IMAGES, PLAN } from './testing/bench';

const KEEPS = { plan: { keepsDisk: true } };

describe('InstanceReconciler', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open();
  });

  afterAll(() => bench.close());

  afterEach(async () => {
    await bench.dataSource.query('TRUNCATE instance, instance_move, member, port_reservation CASCADE');
    Object.assign(bench.settings, {
      startLimitMs: 600_000,
      buildLimitMs: 180_000,
      settleMs: 10_000,
      stopLimitMs: 60_000,
    });
  });

  async function expectAgreement(hypervisor: MemoryHypervisor): Promise<void> {
    expect(await bench.contradictions(await hypervisor.list())).toEqual([]);
  }

  it('brings a click to a session on the screen, each move on record', async () => {
    const memory = new MemoryHypervisor();
    const id = await bench.request();
    await bench.reconciler(memory).reconcile(id, NO_FENCE);
    expect(await bench.states(id)).toEqual(['REQUESTED', 'BUILDING', 'STARTING', 'READY']);
    expect(await bench.row(id)).toMatchObject({ state: 'READY', step: null, unreachable: false, consolePort: 21_000 });
    expect(memory.toldTo(id)).toMatchObject({
      hostname: `2026-0301-a-${id.slice(0, 8)}`,
      person: { id: bench.owner, name: 'Ada Okafor' },
      timeZone: 'Europe/Paris',
    });
    await expectAgreement(memory);
  });

  it('stores the secret sealed before the machine exists, and gives the machine that secret', async () => {
    const memory = new MemoryHypervisor();
    const create = jest.spyOn(memory, 'create');
    const id = await bench.request();
    await bench.reconciler(memory).reconcile(id, NO_FENCE);
    const sealed = await bench.instances.sealedSecret(id);
    const given = create.mock.calls[0]?.[0].console.password;
    expect(given).toMatch(/^[A-Za-z2-9]{8}$/);
    expect(sealed && bench.secrets.open(id, sealed)).toBe(given);
    expect(await bench.row(id)).not.toHaveProperty('consoleSecret');
  });

  it('tells what goes on while the guest comes up', async () => {
    const memory = new MemoryHypervisor({ bootMs: null });
    const reconciler = bench.reconciler(memory);
    const id = await bench.request();
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({ state: 'STARTING', step: 'Starting the desktop' });
    memory.sessionUp(id);
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({ state: 'READY', step: null });
  });

  it('notes how the machine came up, and anew at each launch', async () => {
    const memory = new MemoryHypervisor();
    const { image } = await IMAGES.machineImage('tiny');
    await memory.keepTemplates([{ image, flavour: PLAN.flavour, protocol: 'vnc', shares: [] }]);
    const reconciler = bench.reconciler(memory);
    const id = await bench.request(KEEPS);
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({ launchPath: 'clone', launchColdReason: null });
    memory.powerOff(id);
    await reconciler.reconcile(id, NO_FENCE);
    await bench.again(id);
    expect(await bench.row(id)).toMatchObject({ state: 'REQUESTED', launchPath: null, launchColdReason: null });
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({ launchPath: 'cold', launchColdReason: 'It boots from its kept disk.' });
  });

  it('says it when a copy turns out to have booted after all', async () => {
    const memory = new MemoryHypervisor({ bootMs: null });
    const { image } = await IMAGES.machineImage('tiny');
    await memory.keepTemplates([{ image, flavour: PLAN.flavour, protocol: 'vnc', shares: [] }]);
    const reconciler = bench.reconciler(memory);
    const id = await bench.request();
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({ state: 'STARTING', launchPath: 'clone' });
    const find = memory.find.bind(memory);
    jest.spyOn(memory, 'find').mockImplementation(async (which) => {
      const machine = await find(which);
      return machine && { ...machine, path: 'cold' as const, coldReason: 'The copy did not start.' };
    });
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({ launchPath: 'cold', launchColdReason: 'The copy did not start.' });
  });

  it('follows a guest that reboots: not ready, then ready again and told again whose it is', async () => {
    const memory = new MemoryHypervisor();
    const personalise = jest.spyOn(memory, 'personalise');
    bench.settings.settleMs = 0;
    const reconciler = bench.reconciler(memory);
    const id = await bench.request();
    await reconciler.reconcile(id, NO_FENCE);
    memory.agentLost(id);
    await reconciler.reconcile(id, NO_FENCE);
    expect((await bench.row(id)).state).toBe('STARTING');
    memory.sessionUp(id);
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.states(id)).toEqual(['REQUESTED', 'BUILDING', 'STARTING', 'READY', 'STARTING', 'READY']);
    expect(personalise).toHaveBeenCalledTimes(2);
  });

  it('never ends a desktop that was ready because its agent is silent', async () => {
    const memory = new MemoryHypervisor();
    Object.assign(bench.settings, { settleMs: 0, startLimitMs: 0 });
    const id = await bench.request({ set: { readyAt: () => `clock_timestamp() + interval '1 s'` } });
    const reconciler = bench.reconciler(memory);
    await reconciler.reconcile(id, NO_FENCE);
    memory.agentLost(id);
    await reconciler.reconcile(id, NO_FENCE);
    await reconciler.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({ state: 'STARTING', failureCode: null });
    expect((await memory.find(id))?.phase).toBe('on');
  });

  it('waits after a restart of ours before it calls an agent lost', async () => {
    const memory = new MemoryHypervisor();
    const id = await bench.request();
    await bench.reconciler(memory).reconcile(id, NO_FENCE);
    memory.unheard(id);
    const restarted = bench.reconciler(memory);
    await restarted.reconcile(id, NO_FENCE);
    expect((await bench.row(id)).state).toBe('READY');
    bench.settings.settleMs = 0;
    await restarted.reconcile(id, NO_FENCE);
    expect((await bench.row(id)).state).toBe('STARTING');
  });

  it('does not wait where the guest is known to have restarted, however soon after a restart of ours', async () => {
    const memory = new MemoryHypervisor();
    const id = await bench.request();
    await bench.reconciler(memory).reconcile(id, NO_FENCE);
    memory.unheard(id);
    const restarted = bench.reconciler(memory);
    await restarted.reconcile(id, NO_FENCE);
    memory.agentLost(id);
    await restarted.reconcile(id, NO_FENCE);
    expect(await bench.row(id)).toMatchObject({
      state: 'STARTING',
      step: 'The desktop does not answer; waiting for it',
    });
  });

  describe('ends', () => {
    it('with Stop where the disk is thrown away: everything is given back', async () => {
      const memory = new MemoryHypervisor();
      const id = await bench.request();
      const reconciler = bench.reconciler(memory);
      await reconciler.reconcile(id, NO_FENCE);
      await bench.instances.want(id, 'DELETED', 'stopped', ['RUNNING']);
      await reconciler.reconcile(id, NO_FENCE);
      expect((await bench.states(id)).slice(-2)).toEqual(['DELETING', 'DELETED']);
      expect(allocationOf(await bench.row(id))).toEqual(NOTHING);
      expect(await bench.instances.sealedSecret(id)).toBeNull();
      expect(await memory.list()).toEqual([]);
      await expectAgreement(memory);
    });

    it('with Stop where the disk is kept: only the disk is held, and Open starts the same machine', async () => {
      const memory = new MemoryHypervisor();
      const id = await bench.request(KEEPS);
      const reconciler = bench.reconciler(memory);
      await reconciler.reconcile(id, NO_FENCE);
      const first = await memory.find(id);
      await bench.instances.want(id, 'STOPPED', 'stopped', ['RUNNING']);
      await reconciler.reconcile(id, NO_FENCE);
      // The guest was asked to power off; the next look finds it off.
      await reconciler.reconcile(id, NO_FENCE);
      expect(allocationOf(await bench.row(id))).toEqual({ ...NOTHING, storageMib: PLAN.needs.storageMib });
      expect(await bench.row(id)).toMatchObject({ state: 'STOPPED', expiresAt: null });
      await expectAgreement(memory);
      expect(await bench.again(id)).toBe(true);
      await reconciler.reconcile(id, NO_FENCE);
      expect((await bench.row(id)).state).toBe('READY');
      expect((await memory.find(id))?.ref).toBe(first?.ref);
      await expectAgreement(memory);
    });

    it('with Stop before anything was made: there is no disk to keep', async () => {
      const memory = new MemoryHypervisor();
      const create = jest.spyOn(memory, 'create');
      const id = await bench.request(KEEPS);
      await bench.instances.want(id, 'STOPPED', 'stopped', ['RUNNING']);
      await bench.reconciler(memory).reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'DELETED', wantedReason: 'stopped' });
      expect(allocationOf(await bench.row(id))).toEqual(NOTHING);
      expect(create).not.toHaveBeenCalled();
      await expectAgreement(memory);
    });

    it('with Stop where the guest does not listen: its power is cut in the end', async () => {
      const memory = new MemoryHypervisor();
      const stop = memory.stop.bind(memory);
      const asked = jest.spyOn(memory, 'stop').mockImplementation(async (id, how?: 'ask' | 'cut') => {
        if (how === 'cut') await stop(id);
      });
      const id = await bench.request(KEEPS);
      const reconciler = bench.reconciler(memory);
      await reconciler.reconcile(id, NO_FENCE);
      await bench.instances.want(id, 'STOPPED', 'expired', ['RUNNING']);
      await reconciler.reconcile(id, NO_FENCE);
      expect(asked).toHaveBeenLastCalledWith(id, 'ask');
      expect((await bench.row(id)).state).toBe('STOPPING');
      bench.settings.stopLimitMs = 0;
      await reconciler.reconcile(id, NO_FENCE);
      expect(asked).toHaveBeenLastCalledWith(id, 'cut');
      await reconciler.reconcile(id, NO_FENCE);
      expect((await bench.row(id)).state).toBe('STOPPED');
      await expectAgreement(memory);
    });

    it('when the guest powers itself off, as if its owner had pressed Stop', async () => {
      const memory = new MemoryHypervisor();
      const reconciler = bench.reconciler(memory);
      const [thrown, kept] = [await bench.request(), await bench.request(KEEPS)];
      for (const id of [thrown, kept]) {
        await reconciler.reconcile(id, NO_FENCE);
        memory.powerOff(id);
        await reconciler.reconcile(id, NO_FENCE);
      }
      expect((await bench.states(thrown)).slice(-3)).toEqual(['READY', 'DELETING', 'DELETED']);
      expect((await bench.states(kept)).slice(-3)).toEqual(['READY', 'STOPPING', 'STOPPED']);
      expect((await bench.row(thrown)).wantedReason).toBe('guest-poweroff');
      await expectAgreement(memory);
    });

    it('as FAILED when it crashes or vanishes, holding nothing, and can be tried again', async () => {
      const vanishing = new VanishingHypervisor();
      const reconciler = bench.reconciler(vanishing);
      const id = await bench.request();
      await reconciler.reconcile(id, NO_FENCE);
      await vanishing.vanish(id);
      await reconciler.reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'FAILED', failureCode: 'MACHINE_LOST', consolePort: null });
      expect(allocationOf(await bench.row(id))).toEqual(NOTHING);
      expect(await bench.ports()).toEqual([]);
      expect(await bench.again(id)).toBe(true);
      await reconciler.reconcile(id, NO_FENCE);
      expect((await bench.row(id)).state).toBe('READY');
    });

    it("as FAILED with its disk kept when a machine with somebody's work crashes", async () => {
      const memory = new MemoryHypervisor();
      const reconciler = bench.reconciler(memory);
      const id = await bench.request(KEEPS);
      await reconciler.reconcile(id, NO_FENCE);
      memory.crash(id);
      await reconciler.reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'FAILED', failureCode: 'MACHINE_CRASHED' });
      expect(allocationOf(await bench.row(id))).toEqual({ ...NOTHING, storageMib: PLAN.needs.storageMib });
      await expectAgreement(memory);
    });

    it('by deletion from every state that holds something', async () => {
      const memory = new MemoryHypervisor({ bootMs: null });
      const reconciler = bench.reconciler(memory);
      const requested = await bench.request();
      const starting = await bench.request();
      const stopped = await bench.request(KEEPS);
      await reconciler.reconcile(starting, NO_FENCE);
      await reconciler.reconcile(stopped, NO_FENCE);
      memory.powerOff(stopped);
      await reconciler.reconcile(stopped, NO_FENCE);
      for (const id of [requested, starting, stopped]) {
        await bench.instances.want(id, 'DELETED', 'deleted', ['RUNNING', 'STOPPED']);
        await reconciler.reconcile(id, NO_FENCE);
        expect((await bench.row(id)).state).toBe('DELETED');
      }
      await expectAgreement(memory);
    });
  });

  describe('refusals and limits', () => {
    it('fails with the reason the hypervisor gives, and leaves nothing behind', async () => {
      const refusal = new MachineRefused('The host has not enough disk left.', 'no-disk', 'full');
      const failing = new FailingHypervisor({ create: refusal });
      const id = await bench.request();
      await bench.reconciler(failing).reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({
        state: 'FAILED',
        failureCode: 'NO_DISK',
        failureMessage: refusal.message,
      });
      expect(await bench.ports()).toEqual([]);
    });

    it('hands keyboard and boot script of the plan to the guest', async () => {
      const memory = new MemoryHypervisor();
      const told = { keyboard: 'ch(fr)', bootScript: { text: '#!/bin/sh\n', values: { server: '$(reboot)' } } };
      const id = await bench.request({ plan: told });
      await bench.reconciler(memory).reconcile(id, NO_FENCE);
      expect(memory.toldTo(id)).toMatchObject(told);
    });

    it('ends a launch whose boot script fails: the user learns which plan, the machine goes', async () => {
      const memory = new MemoryHypervisor();
      const refusal = new MachineRefused('The boot script failed.', 'boot-script-failed', 'exit 3: no licence');
      const failing = new FailingHypervisor({ personalise: refusal }, memory);
      const id = await bench.request({ plan: { name: 'Tomography' } });
      await bench.reconciler(failing).reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({
        state: 'FAILED',
        failureCode: 'BOOT_SCRIPT_FAILED',
        failureMessage: expect.stringContaining('"Tomography"'),
      });
      expect((await bench.row(id)).failureMessage).not.toContain('licence');
      expect(await memory.list()).toEqual([]);
      expect(allocationOf(await bench.row(id))).toEqual(NOTHING);
      await expectAgreement(memory);
    });

    it('keeps the disk of a desktop that was opened again when its boot script fails', async () => {
      const memory = new MemoryHypervisor();
      const failing = new FailingHypervisor({}, memory);
      const reconciler = bench.reconciler(failing);
      const id = await bench.request(KEEPS);
      await reconciler.reconcile(id, NO_FENCE);
      await bench.instances.want(id, 'STOPPED', 'stopped', ['RUNNING']);
      await reconciler.reconcile(id, NO_FENCE);
      await reconciler.reconcile(id, NO_FENCE);
      failing.failures = { personalise: new MachineRefused('No.', 'boot-script-failed', 'exit 1') };
      await bench.again(id);
      await reconciler.reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'FAILED', failureCode: 'BOOT_SCRIPT_FAILED' });
      expect(allocationOf(await bench.row(id))).toEqual({ ...NOTHING, storageMib: PLAN.needs.storageMib });
      await expectAgreement(memory);
    });

    it('fails when the image is not on this host', async () => {
      const id = await bench.request();
      await bench.reconciler(new MemoryHypervisor(), NO_IMAGES).reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'FAILED', failureCode: 'IMAGE_MISSING' });
    });

    it('takes the next port when another program has the reserved one', async () => {
      const memory = new MemoryHypervisor();
      const create = memory.create.bind(memory);
      const taken = new MachineRefused('The port is taken.', 'port-taken', '21000');
      jest.spyOn(memory, 'create').mockImplementation(async (spec) => {
        if (spec.console.port < 21_002) throw taken;
        return create(spec);
      });
      const id = await bench.request();
      await bench.reconciler(memory).reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'READY', consolePort: 21_002 });
      await expectAgreement(memory);
    });

    it('fails when no port is left, and never gives one port to two', async () => {
      const small = await Bench.open({ ports: 2 });
      try {
        const memory = new MemoryHypervisor();
        const reconciler = small.reconciler(memory);
        const ids = [await small.request(), await small.request(), await small.request()];
        await Promise.all(ids.map((id) => reconciler.reconcile(id, NO_FENCE)));
        const rows = await Promise.all(ids.map((id) => small.row(id)));
        expect(rows.map(({ state }) => state).sort()).toEqual(['FAILED', 'READY', 'READY']);
        expect(rows.find(({ state }) => state === 'FAILED')?.failureCode).toBe('HOST_FULL');
        expect(await small.contradictions(await memory.list())).toEqual([]);
      } finally {
        await small.close();
      }
    });

    it('gives up a build that errs beyond its limit, and tries again before', async () => {
      const failing = new FailingHypervisor({ create: new HypervisorError('No.', 'start-failed', 'told to fail') });
      const reconciler = bench.reconciler(failing);
      const id = await bench.request();
      await expect(reconciler.reconcile(id, NO_FENCE)).rejects.toMatchObject({ reason: 'start-failed' });
      expect((await bench.row(id)).state).toBe('BUILDING');
      bench.settings.buildLimitMs = 0;
      await reconciler.reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'FAILED', failureCode: 'BUILD_TIMEOUT' });
    });

    it('gives up a guest that shows no picture in time, once its machine is gone', async () => {
      const memory = new MemoryHypervisor({ bootMs: null });
      const failing = new FailingHypervisor({}, memory);
      const reconciler = bench.reconciler(failing);
      const id = await bench.request();
      await reconciler.reconcile(id, NO_FENCE);
      bench.settings.startLimitMs = 0;
      failing.failures = { destroy: new HypervisorError('No.', 'start-failed', 'told to fail') };
      await expect(reconciler.reconcile(id, NO_FENCE)).rejects.toMatchObject({ detail: 'told to fail' });
      expect(await bench.row(id)).toMatchObject({ state: 'STARTING', allocMachines: 1, failureCode: 'START_TIMEOUT' });
      failing.failures = {};
      await bench.reconciler(failing).reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'FAILED', failureCode: 'START_TIMEOUT', allocMachines: 0 });
      await expectAgreement(memory);
    });
  });

  describe('a hypervisor that misbehaves', () => {
    it('unreachable: nothing changes but what the page says about it', async () => {
      const memory = new MemoryHypervisor();
      const failing = new FailingHypervisor({}, memory);
      Object.assign(bench.settings, { startLimitMs: 0, buildLimitMs: 0, settleMs: 0 });
      const ready = await bench.request({ set: { readyAt: () => `clock_timestamp() + interval '1 s'` } });
      await bench.reconciler(failing).reconcile(ready, NO_FENCE);
      const building = await bench.request();
      failing.failures = 'unreachable';
      const reconciler = bench.reconciler(failing);
      const before = await bench.row(ready);
      for (let i = 0; i < 3; i++) for (const id of [ready, building]) await reconciler.reconcile(id, NO_FENCE);
      expect(await bench.row(ready)).toEqual({ ...before, unreachable: true });
      expect(await bench.row(building)).toMatchObject({ state: 'BUILDING', unreachable: true, failureCode: null });
      failing.failures = {};
      Object.assign(bench.settings, { startLimitMs: 60_000, buildLimitMs: 60_000 });
      for (const id of [ready, building]) await reconciler.reconcile(id, NO_FENCE);
      expect(await bench.row(ready)).toMatchObject({ state: 'READY', unreachable: false });
      expect(await bench.row(building)).toMatchObject({ state: 'READY', unreachable: false });
    });

    it('slow: a click on Stop in the middle wins', async () => {
      const memory = new MemoryHypervisor();
      const id = await bench.request();
      const running = bench.reconciler(new SlowHypervisor(60, memory)).reconcile(id, NO_FENCE);
      await new Promise((resolve) => setTimeout(resolve, 90));
      await bench.instances.want(id, 'DELETED', 'stopped', ['RUNNING']);
      await running;
      expect((await bench.row(id)).state).toBe('DELETED');
      await expectAgreement(memory);
    });

    it('never answering: each call ends, and the launch fails in its time', async () => {
      const never = new NeverHypervisor(['create']);
      const bounded = new BoundedHypervisor(never, { makeMs: 20, endMs: 20, askMs: 20 });
      const reconciler = bench.reconciler(bounded);
      const id = await bench.request();
      await expect(reconciler.reconcile(id, NO_FENCE)).rejects.toMatchObject({ reason: 'start-failed' });
      bench.settings.buildLimitMs = 0;
      await reconciler.reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'FAILED', failureCode: 'BUILD_TIMEOUT' });
    });

    it('never answering a question: unreachable, not gone', async () => {
      const never = new NeverHypervisor(['find']);
      const bounded = new BoundedHypervisor(never, { makeMs: 20, endMs: 20, askMs: 20 });
      const id = await bench.request();
      await bench.reconciler(bounded).reconcile(id, NO_FENCE);
      expect(await bench.row(id)).toMatchObject({ state: 'BUILDING', unreachable: true, failureCode: null });
    });

    it('adopted: a machine that came up while its worker was dead is taken as it is', async () => {
      const memory = new MemoryHypervisor();
      const lostAnswer = new FailingHypervisor({}, memory);
      const create = memory.create.bind(memory);
      jest.spyOn(memory, 'create').mockImplementationOnce(async (spec) => {
        await create(spec);
        throw new Error('killed before the answer was read');
      });
      const id = await bench.request();
      await expect(bench.reconciler(lostAnswer).reconcile(id, NO_FENCE)).rejects.toThrow('killed');
      await bench.reconciler(memory).reconcile(id, NO_FENCE);
      expect((await bench.row(id)).state).toBe('READY');
      expect(await memory.list()).toHaveLength(1);
      await expectAgreement(memory);
    });
  });

  it('acts no more once it has lost the host', async () => {
    const memory = new MemoryHypervisor();
    const id = await bench.request();
    await expect(bench.reconciler(memory).reconcile(id, AbortSignal.abort())).rejects.toThrow();
    expect(await bench.states(id)).toEqual(['REQUESTED']);
    expect(await memory.list()).toEqual([]);
  });
});
