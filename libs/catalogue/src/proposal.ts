/** URL-safe string of catalogue, facility and name: see `proposal-key.ts`. Opaque to everybody else. */
export type ProposalKey = string;

export interface Beamline {
  id: string;
  name: string;
  technique: string;
}

export interface Visit {
  /** Not unique where one stretch of beamtime used several beamlines: such a visit is listed once for each. */
  id: string;
  beamline: Beamline;
  start: Date | null;
  end: Date | null;
}

export interface TeamMember {
  /** The catalogue's own user name; not shown to other people. Null: the catalogue names people without saying which account is theirs. */
  account: string | null;
  name: string;
  affiliation: string | null;
  roles: string[];
}

/** Accepted application for beamtime; groups its visits. */
export interface Proposal {
  key: ProposalKey;
  catalogue: string;
  facility: string;
  name: string;
  title: string;
  abstract: string;
  visits: Visit[];
  /**
   * What the catalogue calls the techniques of its datasets, each once: PaN terms or free text. Absent: it does not tell,
   * or not without reading too many of them.
   */
  techniques?: string[];
  team: TeamMember[];
}

/** online: files can be read. archived: only after a restore. unknown: the catalogue or its archive does not say. */
export type Availability = 'online' | 'restoring' | 'archived' | 'unknown';

export interface DatasetRecord {
  id: string;
  name: string;
  createdAt: Date | null;
  sizeBytes: number | null;
  fileCount: number | null;
  sample: string | null;
  technique: string | null;
  availability: Availability;
}
