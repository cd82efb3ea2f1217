import { Hypervisor, HypervisorUnreachable } from '@beamdesk/hypervisor';

/** For a process without the role `worker`: it starts, asks and ends no machine. */
export class NoHypervisor extends Hypervisor {
  private refuse(): Promise<never> {
    return Promise.reject(new HypervisorUnreachable('this process does not have the role worker'));
  }

  override create = () => this.refuse();
  override personalise = () => this.refuse();
  override setDisplay = () => this.refuse();
  override files = () => this.refuse();
  override shareUses = () => this.refuse();
  override cpuSeconds = () => this.refuse();
  override start = () => this.refuse();
  override stop = () => this.refuse();
  override destroy = () => this.refuse();
  override find = () => this.refuse();
  override list = () => this.refuse();
  override check = () => this.refuse();
  override keepTemplates = () => this.refuse();
  override templates = () => this.refuse();
  override rebuildTemplate = () => this.refuse();
  override gpus = () => this.refuse();
  override watch = () => () => undefined;
  override close = () => Promise.resolve();
}
