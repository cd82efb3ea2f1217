import type { RunAs } from '@beamdesk/hypervisor';

/** Which proposals a rule is for; what is left out fits all. Of visits the one that templates mean counts. */
export interface RuleCondition {
  catalogue?: string[];
  facility?: string[];
  beamline?: string[];
}

/**
 * How one kind of proposal's data reach the guest. Templates hold `{proposal}`, `{facility}`, `{beamline}`, `{visit}`, `{catalogue}` and
 * `{year}` (in which the visit begins, in the site's time zone); `/` in a value becomes `_`.
 */
export type DataRule = {
  when: RuleCondition;
  /** Template of the path in the guest, below /data. */
  guest: string;
} & (
  | {
      /** A folder of the host that runs the machine. */
      mount: '9p' | 'virtiofs';
      /** Template of its absolute path. */
      path: string;
    }
  | {
      /** The guest mounts it from the server; no path of this host is looked at. */
      mount: 'nfs';
      /** `server`: one of `SiteData.nfs`. `export`: template of the path of an export that is one proposal's alone. */
      nfs: { server: string; export: string };
    }
);

/** With whose rights data are read, and writable folders kept. */
export type RunAsRule =
  /** The hypervisor's own unprivileged ids. */
  | { rule: 'machine' }
  /** Those of the account with the catalogue account's name, asked of the name service of the host that runs the machine. */
  | { rule: 'system'; groups: string[] }
  /** Ids listed by catalogue account; nobody else may launch. */
  | { rule: 'accounts'; accounts: Record<string, RunAs>; groups: string[] };

/** Where proposals' data lie, who reads them with which rights, and where people keep what they write. */
export interface SiteData {
  /** Absolute folders; data outside them, links resolved, are never shared. */
  roots: string[];
  /** NFS servers that guests may mount from. */
  nfs: string[];
  /** The first that fits a proposal counts. */
  rules: DataRule[];
  /** Its `groups` are templates of group names, that must exist. */
  runAs: RunAsRule;
  scratch: { root: string; limitMib: number; guest: string };
  /** One folder for each person, in all of their desktops; null: none. */
  home: { root: string; limitMib: number } | null;
}

/** Where a person's home folder is in the guest; the agent mounts nothing else below /home. */
export const HOME_IN_GUEST = '/home/user/Home';
