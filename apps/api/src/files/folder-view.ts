import type { FileEntry, FolderView } from '@beamdesk/contracts';
import type { FolderListing, GuestFile } from '@beamdesk/hypervisor';

/** Entries that a page is told of. */
export const MOST_ENTRIES = 10_000;

/** The same on every computer; "scan2" before "scan10". */
const order = new Intl.Collator('en', { numeric: true });

export function folderView(
  { entries, truncated }: FolderListing,
  rest: Omit<FolderView, 'entries' | 'truncated'>,
): FolderView {
  const sorted = [...entries].sort((a, b) => rank(a) - rank(b) || order.compare(a.name, b.name));
  return { ...rest, truncated, entries: sorted.map(entryOf) };
}

const rank = ({ kind }: GuestFile): number => (kind === 'folder' ? 0 : 1);

const entryOf = ({ name, kind, size, modifiedAt }: GuestFile): FileEntry => ({
  name,
  kind,
  size,
  modifiedAt: modifiedAt.toISOString(),
});
