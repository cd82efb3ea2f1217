import type { Subject } from '@beamdesk/quota';
import type { EntityManager } from 'typeorm';

const COPIED = `catalogue_account c JOIN catalogue_copy y ON y.catalogue = c.catalogue AND y.account = c.name
  JOIN copied_membership m ON m.copy_id = y.id`;

/** Of the person's, as the copies of the catalogues say. */
const ON_TEAM = `EXISTS (SELECT FROM ${COPIED} WHERE c.user_id = $1 AND m.key = s.id)`;
const AT_BEAMLINE = `EXISTS (SELECT FROM ${COPIED} JOIN copied_proposal p ON p.id = m.proposal_id
  WHERE c.user_id = $1 AND p.visits @> jsonb_build_array(jsonb_build_object('beamline', jsonb_build_object('id', s.id))))`;

const LIMITED = `num_nonnulls(l.machines, l.vcpus, l.memory_mib, l.storage_mib, l.gpus, l.vcpu_minutes, l.gpu_minutes) > 0`;

/** A page is not told of more than this. */
const MOST = 200;

/**
 * Proposals and beamlines with desktops of the person, and those with limits that are used by others or named by an override,
 * where the person has something to do with them. Nothing is looked up of the copies where nothing is limited.
 */
const SHARED = `
  WITH own AS (SELECT proposal_key, beamline_id FROM instance WHERE owner_id = $1 AND state <> 'DELETED'),
  limited AS (SELECT subject_kind AS kind FROM quota_limit l WHERE subject_id = '*' AND ${LIMITED}),
  named AS (SELECT subject_kind AS kind, subject_id AS id FROM quota_override
    WHERE ended_at IS NULL AND (ends_at IS NULL OR ends_at > clock_timestamp())),
  used AS (SELECT 'proposal' AS kind, proposal_key AS id FROM instance
      WHERE state <> 'DELETED' AND EXISTS (SELECT FROM limited WHERE kind = 'proposal')
    UNION SELECT 'beamline', beamline_id FROM instance
      WHERE state <> 'DELETED' AND beamline_id IS NOT NULL AND EXISTS (SELECT FROM limited WHERE kind = 'beamline')),
  shared AS (SELECT kind, id FROM named WHERE kind IN ('proposal', 'beamline') UNION SELECT kind, id FROM used)
  SELECT kind, id FROM (
    SELECT 'proposal' AS kind, proposal_key AS id FROM own
    UNION SELECT 'beamline', beamline_id FROM own WHERE beamline_id IS NOT NULL
    UNION SELECT kind, id FROM shared s WHERE kind = 'proposal' AND ${ON_TEAM}
    UNION SELECT kind, id FROM shared s WHERE kind = 'beamline' AND ${AT_BEAMLINE}) found
  ORDER BY kind DESC, id LIMIT ${MOST}`;

/** Proposals, then beamlines. */
export function sharedSubjectsOf(manager: EntityManager, userId: string): Promise<Subject[]> {
  return manager.query<Subject[]>(SHARED, [userId]);
}
