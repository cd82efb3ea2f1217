import { type HypervisorErrorReason, MachineRefused } from '@beamdesk/hypervisor';

export interface Failure {
  /** Stable, SCREAMING_SNAKE_CASE; for pages and metrics. */
  code: string;
  /** For the user: what happened and what to do. */
  message: string;
}

/** Ways an instance fails that no error of the hypervisor tells. */
export const FAILURES = {
  noPort: {
    code: 'HOST_FULL',
    message: 'The host has no connection left for another desktop. Try again when somebody has stopped one.',
  },
  buildTimeout: {
    code: 'BUILD_TIMEOUT',
    message: 'Your desktop could not be made in time. Try again; if it happens twice, tell the support.',
  },
  startTimeout: {
    code: 'START_TIMEOUT',
    message: 'Your desktop started, but showed no picture in time. Try again; if it happens twice, tell the support.',
  },
  crashed: {
    code: 'MACHINE_CRASHED',
    message: 'The machine of your desktop ended unexpectedly. Files in scratch are kept. Try again.',
  },
  imageChanged: {
    code: 'IMAGE_CHANGED',
    message:
      'The software image of this desktop was renewed, and its kept disk fits only the old one. ' +
      'Delete this desktop to start a new one, or ask the user office for the old image. Files in scratch are kept.',
  },
  lost: {
    code: 'MACHINE_LOST',
    message: 'The machine of your desktop is gone, perhaps because its host was restarted. Files in scratch are kept.',
  },
} as const satisfies Record<string, Failure>;

/** Where the plan itself is at fault the user is told which, and whom to ask; trying again would not help. */
export function failureOfRefusal(refused: MachineRefused, plan: { name: string }): Failure {
  const code = codeOf(refused.reason);
  if (refused.reason !== 'boot-script-failed') return { code, message: refused.message };
  const message = `The boot script of "${plan.name}" failed, so this desktop can't be used. Tell the user office.`;
  return { code, message };
}

function codeOf(reason: HypervisorErrorReason): string {
  return reason.toUpperCase().replaceAll('-', '_');
}
