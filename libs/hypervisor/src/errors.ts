/** Closed set, for metrics and for the code shown to the user. */
export type HypervisorErrorReason =
  | 'unreachable'
  | 'image-missing'
  | 'image-refused'
  | 'architecture-missing'
  | 'firmware-missing'
  | 'network-missing'
  | 'gpu-unusable'
  | 'share-missing'
  | 'share-outside-root'
  | 'share-unreadable'
  | 'mount-failed'
  | 'data-no-account'
  | 'port-taken'
  | 'no-memory'
  | 'no-disk'
  | 'start-failed'
  | 'agent-failed'
  | 'display-fixed'
  | 'scratch-full'
  | 'template-broken'
  | 'boot-script-failed';

/** Three voices: `message` for the user, `reason` for metrics, `detail` for the log. */
export class HypervisorError extends Error {
  constructor(
    message: string,
    readonly reason: HypervisorErrorReason,
    readonly detail: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The request can't be carried out as it stands; trying again unchanged is pointless. */
export class MachineRefused extends HypervisorError {}

/** The hypervisor could not be asked: says nothing about any machine. */
export class HypervisorUnreachable extends HypervisorError {
  constructor(detail: string) {
    super('The host that runs your desktop does not answer at the moment.', 'unreachable', detail);
  }
}

/** The guest's screen keeps its size: it has no agent, or one that cannot change it. */
export function displayFixed(detail: string): HypervisorError {
  return new HypervisorError('This desktop cannot change the size of its screen.', 'display-fixed', detail);
}
