import { displayFixed, HypervisorError, MachineRefused } from '../errors';
import { GuestFilesError } from '../files/errors';
import { GuestFiles } from '../files/guest-files';
import { MemoryFiles, MemoryFileTree } from '../files/memory-files';
import { Hypervisor } from '../hypervisor';
import { Gpu } from '../gpu/gpu';
import { Architecture, DisplaySize, HostCapacity, Machine, MachineSpec, NextLaunch, Personalisation, ShareUse, Template, TemplateSpec } from '../machine';
import { barrier, memoryTemplates } from './memory-templates';

export interface MemoryHypervisorOptions {
  /** What processors it runs guests for; absent: all. */
  architectures?: Architecture[];
  /** The cards that machines can be given; absent: none. */
  gpus?: Gpu[];
  capacity?: HostCapacity;
  /** How long a guest takes to put its session on the screen; 0 = at once, null = only when `sessionUp` is called. */
  bootMs?: number | null;
  now?: () => Date;
}

interface Held {
  machine: Machine;
  spec: MachineSpec;
  personalisation: Personalisation | null;
  display: DisplaySize | null;
  boot: NodeJS.Timeout | null;
  files: MemoryFileTree;
}

const roomy: HostCapacity = {
  accelerator: 'tcg',
  vcpus: 64,
  memoryTotalMib: 262_144,
  memoryAvailableMib: 262_144,
  diskTotalMib: 1_048_576,
  diskAvailableMib: 1_048_576,
};

/** Machines that are only remembered: for tests and for trying the portal where nothing can run. */
export class MemoryHypervisor extends Hypervisor {
  private readonly held = new Map<string, Held>();
  private readonly listeners = new Set<(id: string) => void>();
  private kept: Template[] = [];
  private made = 0;
  private readonly used = new Map<string, number>();
  private readonly worked = new Map<string, number>();

  constructor(private readonly options: MemoryHypervisorOptions = {}) {
    super();
  }

  async create(spec: MachineSpec): Promise<Machine> {
    const present = this.held.get(spec.id);
    if (present) return { ...present.machine };
    this.refuseWhenImpossible(spec);
    const { protocol, port } = spec.console;
    const coldReason = barrier(spec);
    const machine: Machine = {
      id: spec.id,
      installation: spec.installation,
      ref: `memory-${++this.made}`,
      phase: 'on',
      createdAt: this.options.now?.() ?? new Date(),
      endpoints: [{ protocol, host: '127.0.0.1', port }],
      session: 'unknown',
      sessionLost: false,
      path: coldReason === null && this.kept.some(({ imageId, state }) => imageId === spec.image.id && state === 'ready') ? 'clone' : 'cold',
      coldReason,
      personalised: false,
      exit: null,
      notice: null,
    };
    const held: Held = { machine, spec, personalisation: null, display: null, boot: null, files: new MemoryFileTree() };
    this.held.set(spec.id, held);
    this.bootUp(held);
    return { ...machine };
  }

  async personalise(id: string, what: Personalisation, timeoutMs: number): Promise<void> {
    const held = this.held.get(id);
    if (!held || held.machine.phase !== 'on') {
      throw new HypervisorError('Your desktop did not answer.', 'agent-failed', `${id} is not on (${timeoutMs} ms)`);
    }
    const stray = what.mounts.find(({ tag, kind }) => kind === 'nfs' && !held.spec.nfs?.some((each) => each.tag === tag));
    if (stray) throw new MachineRefused('The data could not be mounted.', 'mount-failed', `${id} has no way to an NFS server for ${stray.tag}`);
    held.personalisation = what;
    held.machine.personalised = true;
    this.changed(id);
  }

  async setDisplay(id: string, { width, height }: DisplaySize): Promise<void> {
    const held = this.held.get(id);
    if (!held || held.machine.phase !== 'on') {
      throw new HypervisorError('Your desktop is not running.', 'agent-failed', `${id} is not on`);
    }
    if (!held.spec.image.agent) throw displayFixed(`${id} has no agent`);
    held.display = { width, height };
  }

  async files(id: string): Promise<GuestFiles> {
    const held = this.held.get(id);
    if (!held || held.machine.phase !== 'on') throw new GuestFilesError('unavailable', `${id} is not on`);
    return new MemoryFiles(held.files);
  }

  async shareUses(id: string): Promise<ShareUse[]> {
    const held = this.held.get(id);
    if (!held || held.machine.phase !== 'on') return [];
    return held.spec.shares.flatMap(({ tag, hostPath, limitMib }) => {
      const usedBytes = this.used.get(hostPath);
      return usedBytes === undefined || limitMib === null ? [] : [{ tag, usedBytes, limitMib }];
    });
  }

  async cpuSeconds(id: string): Promise<number | null> {
    return this.held.get(id)?.machine.phase === 'on' ? (this.worked.get(id) ?? 0) : null;
  }

  async start(id: string, consolePassword: string, { gpus, requestId }: NextLaunch = {}): Promise<void> {
    const held = this.held.get(id);
    if (!held) throw new MachineRefused('This desktop no longer exists.', 'start-failed', `no machine ${id}`);
    if (held.machine.phase === 'on') return;
    held.spec = { ...held.spec, ...(gpus && { gpus }), ...(requestId !== undefined && { requestId }), console: { ...held.spec.console, password: consolePassword } };
    held.machine.phase = 'on';
    held.machine.path = 'cold';
    held.machine.exit = null;
    this.bootUp(held);
  }

  async stop(id: string): Promise<void> {
    this.powerOff(id);
  }

  async keepTemplates(specs: TemplateSpec[]): Promise<void> {
    this.kept = memoryTemplates(specs, this.options.now?.() ?? new Date());
  }

  async templates(): Promise<Template[]> {
    return this.kept.map((template) => ({ ...template }));
  }

  async rebuildTemplate(key: string): Promise<void> {
    this.setTemplate(key, { state: 'ready', failures: 0, failure: null });
  }

  async destroy(id: string): Promise<void> {
    const held = this.held.get(id);
    if (!held) return;
    if (held.boot) clearTimeout(held.boot);
    this.held.delete(id);
    this.changed(id);
  }

  async find(id: string): Promise<Machine | null> {
    const held = this.held.get(id);
    return held ? { ...held.machine } : null;
  }

  async list(): Promise<Machine[]> {
    return [...this.held.values()].map(({ machine }) => ({ ...machine }));
  }

  async check(): Promise<HostCapacity> {
    const { ...capacity } = this.options.capacity ?? roomy;
    for (const { spec, machine } of this.held.values()) {
      if (machine.phase === 'on') capacity.memoryAvailableMib -= spec.flavour.memoryMib;
      capacity.diskAvailableMib -= spec.flavour.diskMib;
    }
    return capacity;
  }

  async gpus(): Promise<Gpu[]> {
    return (this.options.gpus ?? []).map((gpu) => ({ ...gpu }));
  }

  watch(changed: (id: string) => void): () => void {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  }

  async close(): Promise<void> {
    this.listeners.clear();
    for (const { boot } of this.held.values()) if (boot) clearTimeout(boot);
  }

  /** The guest's agent reports its session on the screen. */
  sessionUp(id: string): void {
    this.change(id, (machine) => Object.assign(machine, { session: 'up', sessionLost: false }));
  }

  /** The agent is lost, e.g. the guest reboots: nobody is known to be served until `sessionUp`. */
  agentLost(id: string): void {
    this.change(id, (machine) =>
      Object.assign(machine, { session: 'unknown', sessionLost: true, personalised: false }),
    );
  }

  /** As it looks to a host that has just begun to listen: the agent has not spoken yet. */
  unheard(id: string): void {
    this.change(id, (machine) => Object.assign(machine, { session: 'unknown', sessionLost: false }));
  }

  /** The guest powers itself off. */
  powerOff(id: string): void {
    this.goOff(id, 'guest-poweroff');
  }

  /** The machine dies under its guest. */
  crash(id: string): void {
    this.goOff(id, 'crashed');
  }

  /** As if the building of templates had come to this. */
  setTemplate(key: string, what: Partial<Template>): void {
    this.kept = this.kept.map((template) => (template.key === key ? { ...template, ...what } : template));
  }

  /** As if the folder on the host held so many bytes. */
  setUse(hostPath: string, usedBytes: number): void {
    this.used.set(hostPath, usedBytes);
  }

  /** As if its processors had worked for so long since it is on. */
  setCpuSeconds(id: string, seconds: number): void {
    this.worked.set(id, seconds);
  }

  setNotice(id: string, notice: string | null): void {
    this.change(id, (machine) => (machine.notice = notice));
  }

  /** What lies in a machine; null = there is no such machine. */
  filesIn(id: string): MemoryFileTree | null {
    return this.held.get(id)?.files ?? null;
  }

  /** What a machine was made of, as it is now; null = there is no such machine. */
  specOf(id: string): MachineSpec | null {
    return this.held.get(id)?.spec ?? null;
  }

  /** What a machine was told by `personalise`; null before. */
  toldTo(id: string): Personalisation | null {
    return this.held.get(id)?.personalisation ?? null;
  }

  /** The size of the screen that was set last since the machine is on; null before. */
  displayOf(id: string): DisplaySize | null {
    return this.held.get(id)?.display ?? null;
  }

  private refuseWhenImpossible(spec: MachineSpec): void {
    if (spec.shares.some(({ kind, readOnly }) => kind === 'virtiofs' && !readOnly)) {
      throw new MachineRefused('This desktop could not be started.', 'start-failed', 'virtiofs is for reading only');
    }
    const { architecture = 'x86_64' } = spec.image;
    if (this.options.architectures?.includes(architecture) === false) {
      throw new MachineRefused('The host cannot run desktops for this kind of processor.', 'architecture-missing', architecture);
    }
    this.refuseGpus(spec.gpus ?? []);
    for (const { machine } of this.held.values()) {
      if (machine.phase === 'on' && machine.endpoints.some(({ port }) => port === spec.console.port)) {
        throw new MachineRefused('The port of your desktop is taken.', 'port-taken', `port ${spec.console.port}`);
      }
    }
    const capacity = this.options.capacity;
    if (!capacity) return;
    const used = [...this.held.values()].map(({ spec: { flavour } }) => flavour);
    const memory = used.reduce((sum, { memoryMib }) => sum + memoryMib, spec.flavour.memoryMib);
    const disk = used.reduce((sum, { diskMib }) => sum + diskMib, spec.flavour.diskMib);
    if (memory > capacity.memoryAvailableMib) {
      throw new MachineRefused('The host has not enough memory left.', 'no-memory', `${memory} MiB wanted`);
    }
    if (disk > capacity.diskAvailableMib) {
      throw new MachineRefused('The host has not enough disk left.', 'no-disk', `${disk} MiB wanted`);
    }
  }

  private refuseGpus(asked: string[]): void {
    for (const address of asked) {
      const gpu = this.options.gpus?.find((each) => each.address === address);
      const taken = [...this.held.values()].some(({ spec, machine }) => machine.phase === 'on' && spec.gpus?.includes(address));
      if (!gpu || gpu.unusable !== null || taken) {
        throw new MachineRefused('The graphics card of this desktop cannot be used.', 'gpu-unusable', gpu?.unusable ?? `${address} is not there or taken`);
      }
    }
  }

  private bootUp(held: Held): void {
    const { machine } = held;
    const bootMs = this.options.bootMs === undefined ? 0 : this.options.bootMs;
    machine.personalised = false;
    held.display = null;
    this.worked.delete(machine.id);
    machine.session = bootMs === 0 ? 'up' : 'starting';
    if (bootMs) held.boot = setTimeout(() => this.sessionUp(machine.id), bootMs).unref();
    this.changed(machine.id);
  }

  private goOff(id: string, exit: 'guest-poweroff' | 'crashed'): void {
    this.change(id, (machine, held) => {
      if (held.boot) clearTimeout(held.boot);
      Object.assign(machine, { phase: 'off', exit, session: 'unknown', sessionLost: false, personalised: false });
    });
  }

  private change(id: string, how: (machine: Machine, held: Held) => void): void {
    const held = this.held.get(id);
    if (!held || held.machine.phase !== 'on') return;
    how(held.machine, held);
    this.changed(id);
  }

  private changed(id: string): void {
    for (const listener of this.listeners) listener(id);
  }
}
