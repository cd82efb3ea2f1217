import type { AuditEntryView, AuditPerson } from '@beamdesk/contracts';
import { type Cell, csvOf } from '../monitor/csv';

const HEAD = ['id', 'at', 'kind', 'actor id', 'actor', 'subject id', 'subject', 'details'] as const;

const of = (who: AuditPerson | null): [Cell, Cell] => [who?.id ?? null, who?.name ?? null];

/** As CSV, details in a column of their own as JSON; or as JSON, one entry a line (https://jsonlines.org). */
export function auditLines(format: 'csv' | 'jsonl', entries: AsyncIterable<AuditEntryView>): AsyncGenerator<string> {
  if (format === 'jsonl') return jsonLines(entries);
  return csvOf(HEAD, entries, ({ id, at, kind, actor, subject, details }) => [
    ...[id, at, kind],
    ...of(actor),
    ...of(subject),
    JSON.stringify(details),
  ]);
}

async function* jsonLines(entries: AsyncIterable<AuditEntryView>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}
