import type { PlanView } from '@beamdesk/contracts';
import { lifetime } from '../shell/durations';

/** A plan under its button: "Analysis desktop, up to 8 hours, disk not kept". */
export function planLine({ name, lifetimeMinutes, keepsDisk }: PlanView): string {
  return `${name}, up to ${lifetime(lifetimeMinutes)}, disk ${keepsDisk ? 'kept' : 'not kept'}`;
}

/** What becomes of the disk, for who is about to work on it. */
export function diskNotice({ keepsDisk }: Pick<PlanView, 'keepsDisk'>): string {
  return keepsDisk
    ? "Stop keeps this desktop's disk; start it again later."
    : 'The disk of this desktop is thrown away at the end. Keep your results in /scratch.';
}

/** What the end of the lifetime does. */
export function expiryWords({ keepsDisk }: Pick<PlanView, 'keepsDisk'>): string {
  return keepsDisk ? 'Then the desktop is stopped and its disk kept' : 'Then the desktop is stopped and its disk thrown away';
}
