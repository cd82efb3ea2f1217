import { HypervisorErrorReason, MachineRefused } from '../../errors';

const words: Partial<Record<HypervisorErrorReason, string>> = {
  'image-missing': 'The system image of this desktop is not there.',
  'image-refused': 'The system image of this desktop is not safe to use.',
  'architecture-missing': 'The host cannot run desktops for this kind of processor.',
  'firmware-missing': 'The host has no UEFI firmware for this desktop.',
  'network-missing': 'The host cannot give this desktop a way to the network.',
  'gpu-unusable': 'The graphics card of this desktop cannot be used.',
  'share-missing': 'The data of this proposal is not there.',
  'share-outside-root': 'The data of this proposal lies where no desktop may read.',
  'share-unreadable': 'The data of this proposal cannot be read with your rights.',
  'data-no-account': "Your account has no rights on the facility's data store yet. Ask the user office.",
  'mount-failed': 'The data of this proposal could not be mounted. Try again; if it happens twice, tell the facility.',
  'port-taken': 'The port of this desktop is taken by another program.',
  'no-memory': 'The host has not enough memory left.',
  'no-disk': 'The host has not enough disk space left.',
  'template-broken': 'The prepared copy of this desktop is damaged.',
  'boot-script-failed': 'The set-up that belongs to this kind of desktop failed. Please tell the facility.',
  'start-failed': 'The desktop could not be started.',
};

/** A refusal in the words of its reason. */
export function refused(reason: HypervisorErrorReason, detail: string): MachineRefused {
  return new MachineRefused(words[reason] ?? 'The desktop was refused.', reason, detail);
}

/** The system's code of a failed call, e.g. "ENOENT"; looks at the shape, not the class: tests run in a realm of their own. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

export function textOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
