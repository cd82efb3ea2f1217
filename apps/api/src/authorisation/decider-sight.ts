import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { Authorisations } from './authorisations';

/** What of other people's affairs somebody sees who decides about them. */
export interface Sight {
  /** Their own `user_account.id`. */
  self: string;
  /** Of which beamlines; null: of all. */
  beamlines: string[] | null;
}

@Injectable()
export class DeciderSight {
  constructor(private readonly authorisations: Authorisations) {}

  async of({ id, roles }: Person): Promise<Sight> {
    return { self: id, beamlines: roles.includes('ADMIN') ? null : await this.authorisations.beamlinesOf(id) };
  }
}

/**
 * SQL: whether the account `u` is seen by whom `$1` (beamlines) and `$2` (self) describe. Staff of some beamlines see people
 * they let in themselves, who asked for one of these beamlines, or who have a proposal there as the catalogue copies say.
 */
export const SEEN = `($1::text[] IS NULL
  OR EXISTS (SELECT FROM authorisation s WHERE s.user_id = u.id AND s.granted_by = $2::text)
  OR EXISTS (SELECT FROM authorisation_request s WHERE s.user_id = u.id AND s.beamline = ANY($1))
  OR EXISTS (SELECT FROM catalogue_account c
    JOIN catalogue_copy y ON y.catalogue = c.catalogue AND y.account = c.name
    JOIN copied_membership m ON m.copy_id = y.id JOIN copied_proposal p ON p.id = m.proposal_id
    WHERE c.user_id = u.id
      AND EXISTS (SELECT FROM jsonb_array_elements(p.visits) v WHERE v -> 'beamline' ->> 'id' = ANY($1))))`;

export const sightValues = ({ beamlines, self }: Sight): [string[] | null, string] => [beamlines, self];
