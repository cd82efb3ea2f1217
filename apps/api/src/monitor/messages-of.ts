import type { DesktopMessage } from '@beamdesk/contracts';
import type { DataSource } from 'typeorm';

type Row = Omit<DesktopMessage, 'at'> & { at: Date };

/** Shown at most, and for so long after they were sent. */
const MOST = 20;
const KEPT_DAYS = 30;

const OPEN = (which: string) => `
  SELECT m.id, m.instance_id AS desktop, i.proposal_name AS "proposalName", m.text, m.at, m.sender_role AS "from"
  FROM desktop_message m JOIN instance i ON i.id = m.instance_id
  WHERE ${which} AND m.dismissed_at IS NULL AND m.at > now() - make_interval(days => ${KEPT_DAYS})
  ORDER BY m.at DESC, m.id LIMIT ${MOST}`;

/** What was written to this owner about any desktop, also one that is gone; newest first. */
export async function messagesTo(dataSource: DataSource, ownerId: string): Promise<DesktopMessage[]> {
  return (await dataSource.query<Row[]>(OPEN('i.owner_id = $1'), [ownerId])).map(messageView);
}

/** Open ones of these desktops, by desktop; only those that have any. */
export async function messagesOf(dataSource: DataSource, desktops: string[]): Promise<Map<string, DesktopMessage[]>> {
  const found = new Map<string, DesktopMessage[]>();
  if (desktops.length === 0) return found;
  for (const row of await dataSource.query<Row[]>(OPEN('m.instance_id = ANY($1::uuid[])'), [desktops])) {
    found.set(row.desktop, [...(found.get(row.desktop) ?? []), messageView(row)]);
  }
  return found;
}

function messageView({ at, ...row }: Row): DesktopMessage {
  return { ...row, at: at.toISOString() };
}
