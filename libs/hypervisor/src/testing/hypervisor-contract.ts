import { randomUUID } from 'node:crypto';
import { MachineRefused } from '../errors';
import { Hypervisor } from '../hypervisor';
import { Architecture, Machine, MachineImage, MachineSpec, TemplateSpec } from '../machine';
import { aPersonalisation } from './machine-spec';

/** What the contract needs to know about the adapter it runs on. */
export interface ContractSubject {
  hypervisor: Hypervisor;
  /** A spec this adapter can carry out, of a guest with an agent; a new id and a free port at each call. */
  spec(): MachineSpec | Promise<MachineSpec>;
  /** How long a guest takes at most to boot or to power off. */
  bootMs: number;
  /** A processor that it runs no guests for. */
  lacks: Architecture;
  /** Whether the guest of `spec` can change the size of its screen. */
  resizes: boolean;
}

/** The size the contract asks a screen to have. */
const SCREEN = { width: 1600, height: 896 };

/** The behaviour every adapter of `Hypervisor` shares; call it inside `describe`. */
export function hypervisorContract(subject: () => ContractSubject): void {
  const made: string[] = [];

  async function create(): Promise<{ spec: MachineSpec; machine: Machine }> {
    const spec = await subject().spec();
    made.push(spec.id);
    return { spec, machine: await subject().hypervisor.create(spec) };
  }

  async function until(id: string, what: (machine: Machine | null) => boolean): Promise<Machine | null> {
    const { hypervisor, bootMs } = subject();
    for (const end = Date.now() + bootMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
      const machine = await hypervisor.find(id);
      if (what(machine) || Date.now() > end) return machine;
    }
  }

  afterEach(async () => {
    for (const id of made.splice(0)) await subject().hypervisor.destroy(id);
  });

  it('makes a machine that is on, at the port reserved for it', async () => {
    const { spec, machine } = await create();
    expect(machine).toMatchObject({ id: spec.id, installation: spec.installation, phase: 'on', exit: null, notice: null });
    expect(machine.endpoints).toEqual([{ protocol: 'vnc', host: '127.0.0.1', port: spec.console.port }]);
    expect(machine.ref).not.toBe('');
    expect(JSON.stringify(machine)).not.toContain(spec.console.password);
    const { hypervisor } = subject();
    expect(await hypervisor.find(spec.id)).toMatchObject({ id: spec.id, ref: machine.ref, phase: 'on' });
    expect((await hypervisor.list()).filter(({ id }) => id === spec.id)).toHaveLength(1);
  });

  it('makes one machine of one id, however often and however many at once ask for it', async () => {
    const { spec, machine } = await create();
    const { hypervisor } = subject();
    const again = await Promise.all([hypervisor.create(spec), hypervisor.create(spec)]);
    expect(again.map(({ ref }) => ref)).toEqual([machine.ref, machine.ref]);
    expect((await hypervisor.list()).filter(({ id }) => id === spec.id)).toHaveLength(1);
  });

  it('makes one machine when two ask for a new id at once', async () => {
    const spec = await subject().spec();
    made.push(spec.id);
    const { hypervisor } = subject();
    const [one, other] = await Promise.all([hypervisor.create(spec), hypervisor.create(spec)]);
    expect(one.ref).toBe(other.ref);
  });

  it('refuses a port that is taken and leaves nothing behind', async () => {
    const { spec } = await create();
    const { hypervisor } = subject();
    const second = await subject().spec();
    made.push(second.id);
    const refused = hypervisor.create({ ...second, console: { ...second.console, port: spec.console.port } });
    await expect(refused).rejects.toBeInstanceOf(MachineRefused);
    await expect(refused).rejects.toMatchObject({ reason: 'port-taken' });
    expect(await hypervisor.find(second.id)).toBeNull();
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on' });
  });

  it('reports the session and tells the guest whose it is, as often as asked', async () => {
    const { spec } = await create();
    const { hypervisor, bootMs } = subject();
    await hypervisor.personalise(spec.id, aPersonalisation(), bootMs);
    await hypervisor.personalise(spec.id, aPersonalisation(), bootMs);
    expect(await until(spec.id, (machine) => machine?.session === 'up')).toMatchObject({
      phase: 'on',
      session: 'up',
      personalised: true,
    });
  });

  it('gives the screen a size, or says for good that the guest cannot', async () => {
    const { spec } = await create();
    const { hypervisor, bootMs, resizes } = subject();
    await hypervisor.personalise(spec.id, aPersonalisation(), bootMs);
    const set = hypervisor.setDisplay(spec.id, SCREEN);
    if (resizes) await set;
    else await expect(set).rejects.toMatchObject({ reason: 'display-fixed' });
    await hypervisor.stop(spec.id, 'cut');
    await expect(hypervisor.setDisplay(spec.id, SCREEN)).rejects.toMatchObject({ reason: 'agent-failed' });
  });

  it('cannot change the screen of a guest without an agent', async () => {
    const { image, ...spec } = await subject().spec();
    made.push(spec.id);
    const { hypervisor } = subject();
    await hypervisor.create({ ...spec, image: { ...image, agent: false } });
    await expect(hypervisor.setDisplay(spec.id, SCREEN)).rejects.toMatchObject({ reason: 'display-fixed' });
  });

  it('lets the guest power off, keeps the machine, and starts it again', async () => {
    const { spec } = await create();
    const { hypervisor, bootMs } = subject();
    await hypervisor.personalise(spec.id, aPersonalisation(), bootMs);
    await hypervisor.stop(spec.id);
    expect(await until(spec.id, (machine) => machine?.phase === 'off')).toMatchObject({
      phase: 'off',
      exit: 'guest-poweroff',
      session: 'unknown',
      personalised: false,
    });
    await hypervisor.stop(spec.id);
    await hypervisor.start(spec.id, 'another8');
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on', exit: null, personalised: false });
    await hypervisor.start(spec.id, 'another8');
    expect((await hypervisor.list()).filter(({ id }) => id === spec.id)).toHaveLength(1);
  });

  it('takes the power from a guest that is not asked, and keeps the machine', async () => {
    const { spec } = await create();
    const { hypervisor } = subject();
    await hypervisor.stop(spec.id, 'cut');
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'off', session: 'unknown', personalised: false });
    await hypervisor.stop(spec.id, 'cut');
  });

  it('destroys a machine for good and frees its port', async () => {
    const { spec } = await create();
    const { hypervisor } = subject();
    await hypervisor.destroy(spec.id);
    expect(await hypervisor.find(spec.id)).toBeNull();
    expect((await hypervisor.list()).map(({ id }) => id)).not.toContain(spec.id);
    const next = await subject().spec();
    made.push(next.id);
    await hypervisor.create({ ...next, console: { ...next.console, port: spec.console.port } });
    expect(await hypervisor.find(next.id)).toMatchObject({ phase: 'on' });
  });

  it('takes stopping and destroying what is not there as done', async () => {
    const { hypervisor } = subject();
    const id = randomUUID();
    await hypervisor.stop(id);
    await hypervisor.destroy(id);
    expect(await hypervisor.find(id)).toBeNull();
    await expect(hypervisor.start(id, 'secret12')).rejects.toBeInstanceOf(MachineRefused);
    await expect(hypervisor.personalise(id, aPersonalisation(), 100)).rejects.toMatchObject({ reason: 'agent-failed' });
    await expect(hypervisor.setDisplay(id, SCREEN)).rejects.toMatchObject({ reason: 'agent-failed' });
  });

  it('has the templates it is told to have, and makes machines from them', async () => {
    const { hypervisor, bootMs } = subject();
    const { image, flavour, console, shares } = await subject().spec();
    const kind = { image, flavour, protocol: console.protocol, shares: shares.map(({ tag, readOnly }) => ({ tag, readOnly })) };
    await hypervisor.keepTemplates([kind, kind]);
    for (const end = Date.now() + 2 * bootMs; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
      if ((await hypervisor.templates())[0]?.state === 'ready') break;
    }
    expect(await hypervisor.templates()).toEqual([
      expect.objectContaining({ imageId: image.id, flavour, state: 'ready', wanted: true, failures: 0, machines: 0 }),
    ]);
    const { machine } = await create();
    expect(machine).toMatchObject({ phase: 'on', path: 'clone', coldReason: null });
    await hypervisor.personalise(machine.id, aPersonalisation(), bootMs);
    expect(await hypervisor.find(machine.id)).toMatchObject({ session: 'up', personalised: true, path: 'clone' });
    await hypervisor.stop(machine.id);
    await until(machine.id, (seen) => seen?.phase === 'off');
    await hypervisor.start(machine.id, 'another8');
    expect(await hypervisor.find(machine.id)).toMatchObject({ phase: 'on', path: 'cold' });
    await hypervisor.rebuildTemplate('of nothing');
    await hypervisor.destroy(machine.id);
    await hypervisor.keepTemplates([]);
    expect(await hypervisor.templates()).toEqual([]);
  });

  it('has no template of what cannot be told whose it is', async () => {
    const { hypervisor } = subject();
    const { image, flavour } = await subject().spec();
    await hypervisor.keepTemplates([{ image: { ...image, agent: false }, flavour, protocol: 'vnc', shares: [] }]);
    expect(await hypervisor.templates()).toEqual([
      expect.objectContaining({ state: 'impossible', failure: expect.stringMatching(/\w/) }),
    ]);
  });

  it('has no shares in use of what is not there', async () => {
    expect(await subject().hypervisor.shareUses(randomUUID())).toEqual([]);
  });

  it('tells the processor time of a machine that is on, which never becomes less, and of no other', async () => {
    const { spec } = await create();
    const { hypervisor } = subject();
    const first = await hypervisor.cpuSeconds(spec.id);
    expect(first).toEqual(expect.any(Number));
    await until(spec.id, (machine) => machine?.session === 'up');
    expect(await hypervisor.cpuSeconds(spec.id)).toBeGreaterThanOrEqual(first ?? Infinity);
    await hypervisor.stop(spec.id, 'cut');
    expect(await hypervisor.cpuSeconds(spec.id)).toBeNull();
    expect(await hypervisor.cpuSeconds(randomUUID())).toBeNull();
  });

  it('has no template of what reads its data by virtiofs, and says so', async () => {
    const { hypervisor } = subject();
    const { image, flavour } = await subject().spec();
    const shares = [{ tag: 'data', readOnly: true, kind: 'virtiofs' as const }];
    await hypervisor.keepTemplates([{ image, flavour, protocol: 'vnc', shares }]);
    expect(await hypervisor.templates()).toEqual([
      expect.objectContaining({ state: 'impossible', failure: expect.stringMatching(/virtiofs/) }),
    ]);
    await hypervisor.keepTemplates([]);
  });

  it('refuses virtiofs for what can be written', async () => {
    const spec = await subject().spec();
    const shares = [{ tag: 'scratch', kind: 'virtiofs' as const, hostPath: '/x', readOnly: false, limitMib: 1 }];
    await expect(subject().hypervisor.create({ ...spec, shares })).rejects.toBeInstanceOf(MachineRefused);
    expect(await subject().hypervisor.find(spec.id)).toBeNull();
  });

  const uncopied: [string, Partial<MachineImage>, Partial<TemplateSpec>][] = [
    ['its image says so', { clonable: false }, {}],
    ['it begins with UEFI', { firmware: 'uefi' }, {}],
    ['it gets out to the network', {}, { network: 'outbound' }],
    ['it is set up at its first boot', {}, { cloudInit: true }],
    ['it has a card of the host', {}, { gpus: 1 }],
  ];
  it.each(uncopied)('has no template of a machine when %s, and says so', async (_, more, kind) => {
    const { hypervisor } = subject();
    const { image, flavour } = await subject().spec();
    await hypervisor.keepTemplates([{ image: { ...image, ...more }, flavour, protocol: 'vnc', shares: [], ...kind }]);
    expect(await hypervisor.templates()).toEqual([expect.objectContaining({ state: 'impossible', failure: expect.stringMatching(/\w/) })]);
    await hypervisor.keepTemplates([]);
  });

  it('refuses a machine for a processor that the host has nothing for, and leaves nothing behind', async () => {
    const { image, ...spec } = await subject().spec();
    const { hypervisor, lacks } = subject();
    const refused = hypervisor.create({ ...spec, image: { ...image, architecture: lacks } });
    await expect(refused).rejects.toBeInstanceOf(MachineRefused);
    await expect(refused).rejects.toMatchObject({ reason: 'architecture-missing' });
    expect(await hypervisor.find(spec.id)).toBeNull();
  });

  it('tells its graphics cards, and gives no machine one that it does not have', async () => {
    const { hypervisor } = subject();
    for (const { address, functions, groupMembers } of await hypervisor.gpus()) {
      expect(functions[0]).toBe(address);
      expect(new Set(functions).size).toBe(functions.length);
      expect(Array.isArray(groupMembers)).toBe(true);
    }
    const spec = await subject().spec();
    const refused = hypervisor.create({ ...spec, gpus: ['ffff:ff:1f.7'] });
    await expect(refused).rejects.toBeInstanceOf(MachineRefused);
    await expect(refused).rejects.toMatchObject({ reason: 'gpu-unusable' });
    expect(await hypervisor.find(spec.id)).toBeNull();
  });

  it('ends the personalising of a machine that is to mount what it has no way to', async () => {
    const { spec } = await create();
    const { hypervisor, bootMs } = subject();
    const mounts = [{ tag: 'data', guestPath: '/data/p', readOnly: true, kind: 'nfs' as const }];
    const told = hypervisor.personalise(spec.id, aPersonalisation({ mounts }), bootMs);
    await expect(told).rejects.toBeInstanceOf(MachineRefused);
    await expect(told).rejects.toMatchObject({ reason: 'mount-failed' });
    expect(await hypervisor.find(spec.id)).toMatchObject({ phase: 'on', personalised: false });
  });

  it('has no files of what is off or not there', async () => {
    const { spec } = await create();
    const { hypervisor } = subject();
    await hypervisor.stop(spec.id, 'cut');
    await expect(hypervisor.files(spec.id)).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(hypervisor.files(randomUUID())).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('hints at changes', async () => {
    const hints: string[] = [];
    const unwatch = subject().hypervisor.watch((id) => hints.push(id));
    const { spec } = await create();
    await until(spec.id, () => hints.includes(spec.id));
    expect(hints).toContain(spec.id);
    unwatch();
  });

  it('says what the host can carry', async () => {
    const capacity = await subject().hypervisor.check();
    expect(['kvm', 'tcg']).toContain(capacity.accelerator);
    expect(capacity.vcpus).toBeGreaterThan(0);
    expect(capacity.memoryTotalMib).toBeGreaterThanOrEqual(capacity.memoryAvailableMib);
    expect(capacity.memoryAvailableMib).toBeGreaterThan(0);
    expect(capacity.diskTotalMib).toBeGreaterThanOrEqual(capacity.diskAvailableMib);
    expect(capacity.diskAvailableMib).toBeGreaterThan(0);
  });
}
