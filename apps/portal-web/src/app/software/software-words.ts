import type { SoftwarePage, SoftwareView } from '@beamdesk/contracts';

/** What was found, in one line. */
export function softwareSummary({ items, more }: SoftwarePage, asked: string): string {
  const about = asked === '' ? '' : ` for “${asked}”`;
  if (items.length === 0) return asked === '' ? 'No software is listed yet.' : `Nothing${about}.`;
  const count = items.length === 1 ? 'One program' : `${items.length} programs`;
  return more ? `The first ${items.length}${about}: search for a part of the name to see others.` : `${count}${about}.`;
}

/** "at ID11, for diffraction"; '' where nothing more is said. */
export function whereWords({ beamlines, techniques }: Pick<SoftwareView['plans'][number], 'beamlines' | 'techniques'>): string {
  const parts = [
    techniques.length > 0 ? `for ${techniques.join(', ')}` : '',
    beamlines.length > 0 ? `at ${beamlines.join(', ')}` : '',
  ];
  return parts.filter(Boolean).join(' ');
}
