import type { QuotaRequestView } from '@beamdesk/contracts';
import type { QuotaRequestEntity } from './quota-request.entity';

/** What of a row is shown to whoever asked, and to those who decide. */
export type ShownRow = Omit<QuotaRequestEntity, 'userId' | 'subject' | 'beamlines' | 'decidedBy'>;

export function quotaRequestView(row: ShownRow): QuotaRequestView {
  const { id, kind, state, proposalKey, proposalName, instanceId, wanted, reason, answer, granted } = row;
  return {
    ...{ id, kind, state, instanceId, wanted, reason, answer, granted },
    proposal: proposalKey === null ? null : { key: proposalKey, name: proposalName ?? proposalKey },
    wantedUntil: row.wantedUntil.toISOString(),
    askedAt: row.askedAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    grantedUntil: row.grantedUntil?.toISOString() ?? null,
  };
}
