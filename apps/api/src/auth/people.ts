import type { CatalogueAccount } from '@beamdesk/catalogue';
import type { Role } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** What the authorisation database holds about somebody at this moment. */
export interface PersonRecord {
  id: string;
  name: string;
  email: string | null;
  roles: Role[];
  catalogueAccounts: CatalogueAccount[];
  /** Accepted the version asked for. */
  accepted: boolean;
}

/** Reads people; one round trip, because it happens on every request. */
@Injectable()
export class People {
  constructor(private readonly dataSource: DataSource) {}

  /** Null: no such person (any more). */
  async find(userId: string, conditionsVersion: string): Promise<PersonRecord | null> {
    const [row] = await this.dataSource.query<PersonRecord[]>(
      `SELECT u.id, u.name, u.email,
         ARRAY(SELECT DISTINCT role FROM authorisation a WHERE a.user_id = u.id AND (a.expires_at IS NULL OR a.expires_at > now())
               ORDER BY role) AS roles,
         COALESCE((SELECT json_agg(json_build_object('catalogue', c.catalogue, 'name', c.name, 'groups', c.groups)
               ORDER BY c.catalogue) FROM catalogue_account c WHERE c.user_id = u.id), '[]') AS "catalogueAccounts",
         EXISTS(SELECT FROM conditions_acceptance k WHERE k.user_id = u.id AND k.version = $2) AS accepted
       FROM user_account u WHERE u.id = $1`,
      [userId, conditionsVersion],
    );
    return row ?? null;
  }
}
