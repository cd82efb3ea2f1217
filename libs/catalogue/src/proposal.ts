/** URL-safe string of catalogue, facility and name: see `proposal-key.ts`. Opaque to everybody else. */
export type ProposalKey = string;

export interface Beamline {
  id: string;
  name: string;
  technique: string;
}

export interface Visit {
  id: string;
  beamline: Beamline;
  start: Date | null;
  end: Date | null;
}

export interface TeamMember {
  /** The catalogue's own user name; not shown to other people. */
  account: string;
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
  team: TeamMember[];
}

export interface DatasetRecord {
  id: string;
  name: string;
  createdAt: Date | null;
  sizeBytes: number | null;
  fileCount: number | null;
  sample: string | null;
  technique: string | null;
}
