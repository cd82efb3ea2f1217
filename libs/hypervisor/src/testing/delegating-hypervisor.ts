import { GuestFiles } from '../files/guest-files';
import { Gpu } from '../gpu/gpu';
import { Hypervisor } from '../hypervisor';
import { DisplaySize, HostCapacity, Machine, MachineSpec, NextLaunch, Personalisation, ShareUse, Template, TemplateSpec } from '../machine';

/** What a double may interfere with. */
export type HypervisorCall =
  | 'create'
  | 'personalise'
  | 'setDisplay'
  | 'files'
  | 'shareUses'
  | 'cpuSeconds'
  | 'start'
  | 'stop'
  | 'destroy'
  | 'find'
  | 'list'
  | 'check'
  | 'keepTemplates'
  | 'templates'
  | 'rebuildTemplate'
  | 'gpus';

/** Passes every call on through `around`; the doubles differ in that only. */
export abstract class DelegatingHypervisor extends Hypervisor {
  constructor(protected readonly inner: Hypervisor) {
    super();
  }

  protected abstract around<T>(call: HypervisorCall, id: string | null, proceed: () => Promise<T>): Promise<T>;

  create(spec: MachineSpec): Promise<Machine> {
    return this.around('create', spec.id, () => this.inner.create(spec));
  }

  personalise(id: string, what: Personalisation, timeoutMs: number): Promise<void> {
    return this.around('personalise', id, () => this.inner.personalise(id, what, timeoutMs));
  }

  setDisplay(id: string, size: DisplaySize): Promise<void> {
    return this.around('setDisplay', id, () => this.inner.setDisplay(id, size));
  }

  files(id: string): Promise<GuestFiles> {
    return this.around('files', id, () => this.inner.files(id));
  }

  shareUses(id: string): Promise<ShareUse[]> {
    return this.around('shareUses', id, () => this.inner.shareUses(id));
  }

  cpuSeconds(id: string): Promise<number | null> {
    return this.around('cpuSeconds', id, () => this.inner.cpuSeconds(id));
  }

  start(id: string, consolePassword: string, launch?: NextLaunch): Promise<void> {
    return this.around('start', id, () => this.inner.start(id, consolePassword, launch));
  }

  stop(id: string, how?: 'ask' | 'cut'): Promise<void> {
    return this.around('stop', id, () => this.inner.stop(id, how));
  }

  destroy(id: string): Promise<void> {
    return this.around('destroy', id, () => this.inner.destroy(id));
  }

  find(id: string): Promise<Machine | null> {
    return this.around('find', id, () => this.inner.find(id));
  }

  list(): Promise<Machine[]> {
    return this.around('list', null, () => this.inner.list());
  }

  check(): Promise<HostCapacity> {
    return this.around('check', null, () => this.inner.check());
  }

  keepTemplates(specs: TemplateSpec[]): Promise<void> {
    return this.around('keepTemplates', null, () => this.inner.keepTemplates(specs));
  }

  templates(): Promise<Template[]> {
    return this.around('templates', null, () => this.inner.templates());
  }

  rebuildTemplate(key: string): Promise<void> {
    return this.around('rebuildTemplate', null, () => this.inner.rebuildTemplate(key));
  }

  gpus(): Promise<Gpu[]> {
    return this.around('gpus', null, () => this.inner.gpus());
  }

  watch(changed: (id: string) => void): () => void {
    return this.inner.watch(changed);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
