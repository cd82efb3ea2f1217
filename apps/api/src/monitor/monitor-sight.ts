import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { Authorisations } from '../authorisation/authorisations';

/** Ids of the beamlines whose desktops somebody sees; null: of all, and those of none. */
export type SeenBeamlines = string[] | null;

/** What of other people's desktops staff see: STAFF those of their beamlines, SUPPORT and ADMIN all. */
@Injectable()
export class MonitorSight {
  constructor(private readonly authorisations: Authorisations) {}

  async of({ id, roles }: Person): Promise<SeenBeamlines> {
    if (roles.includes('ADMIN') || roles.includes('SUPPORT')) return null;
    return this.authorisations.beamlinesOf(id);
  }

  /** Whom they may act for: as STAFF or ADMIN; SUPPORT only looks on. */
  async toAct({ id, roles }: Person): Promise<SeenBeamlines> {
    return roles.includes('ADMIN') ? null : this.authorisations.beamlinesOf(id);
  }
}

/** SQL: whether the beamline of `of` is among `$1`. */
export const seenBy = (of: string): string => `($1::text[] IS NULL OR ${of}.beamline_id = ANY($1))`;
