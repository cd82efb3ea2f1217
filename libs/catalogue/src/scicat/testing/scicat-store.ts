export interface StoredProposal {
  proposalId: string;
  title: string;
  abstract?: string;
  email: string;
  pi_email?: string;
  pi_firstname?: string;
  pi_lastname?: string;
  firstname?: string;
  lastname?: string;
  startTime?: string;
  endTime?: string;
  MeasurementPeriodList?: { id: string; instrument: string; start?: string; end?: string; comment?: string }[];
  instrumentIds?: string[];
  ownerGroup: string;
  accessGroups: string[];
  isPublished: boolean;
}

export interface StoredDataset {
  pid: string;
  datasetName?: string;
  type: 'raw' | 'derived';
  size?: number;
  numberOfFiles?: number;
  creationTime: string;
  ownerGroup: string;
  accessGroups: string[];
  sharedWith: string[];
  isPublished: boolean;
  proposalIds: (string | null)[];
  sampleIds: (string | null)[];
  techniques: { pid: string; name: string }[];
  datasetlifecycle: Record<string, unknown>;
}

export interface StoredJob {
  id: string;
  type: string;
  ownerUser: string | null;
  status: string;
  pids: string[];
  jobParams: Record<string, unknown>;
}

/** Somebody SciCat knows. */
export interface ScicatUser {
  username: string;
  password: string;
  email: string;
  groups: string[];
  /** In ADMIN_GROUPS: sees everything. */
  admin: boolean;
}

/** Null: anonymous. */
export type Caller = ScicatUser | null;

const overlaps = (caller: ScicatUser, { ownerGroup, accessGroups }: { ownerGroup: string; accessGroups: string[] }) =>
  caller.groups.includes(ownerGroup) || accessGroups.some((group) => caller.groups.includes(group));

/** In lists published proposals are for anonymous callers only. */
export function listsProposal(caller: Caller, proposal: StoredProposal): boolean {
  if (!caller) return proposal.isPublished;
  return caller.admin || overlaps(caller, proposal);
}

export function listsDataset(caller: Caller, dataset: StoredDataset): boolean {
  if (!caller) return dataset.isPublished;
  return caller.admin || dataset.isPublished || dataset.sharedWith.includes(caller.email) || overlaps(caller, dataset);
}
