import type { HeldRole } from '@beamdesk/contracts';

/** What a role rests on, and by whom, as a sentence begins with it. */
export function restsOn({ source, by }: Pick<HeldRole, 'source' | 'by'>): string {
  if (source === 'catalogue') return 'By the catalogue';
  if (source === 'invitation') return `Invited by ${by ?? 'somebody whose account is gone'}`;
  return by === null ? 'By the operators of the portal' : `Let in by ${by}`;
}
