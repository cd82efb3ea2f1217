import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueAccount, Proposal } from '@beamdesk/catalogue';
import type { Personalisation, RunAs, Share } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import { expandPath, UnsafeValue } from './expand-path';
import { Site } from './site';

/** A launch can't be given its data. `message` is for the user, `code` is stable, `detail` is for the log. */
export class DataRefused extends Error {
  constructor(
    readonly code: 'DATA_NAME' | 'DATA_MISSING' | 'DATA_OUTSIDE' | 'DATA_NO_ACCOUNT' | 'SCRATCH_UNUSABLE',
    message: string,
    readonly detail: string,
  ) {
    super(message);
    this.name = 'DataRefused';
  }
}

export interface SharedData {
  shares: Share[];
  mounts: Personalisation['mounts'];
  /** Null = the hypervisor's own unprivileged ids. */
  runAs: RunAs | null;
}

/** The shares of every launch, in this order: a template is made with the same. */
export const SHARES = [
  { tag: 'data', readOnly: true },
  { tag: 'scratch', readOnly: false },
] as const;

const ASK = 'Ask the user office.';

/**
 * Turns a proposal into folders a machine may see: its data read-only, a scratch folder of this person and proposal. What the
 * catalogue says is never trusted to stay inside a folder.
 */
@Injectable()
export class PathRules {
  constructor(private readonly site: Pick<Site, 'data'>) {}

  /** @throws DataRefused with the reason; nothing else is ever mounted in place of what is missing */
  async sharesFor(person: { userId: string; account: CatalogueAccount }, proposal: Proposal): Promise<SharedData> {
    const runAs = this.runAs(person.account);
    const [data, guest] = this.dataPaths(proposal);
    const { scratch } = this.site.data;
    const [ofData, ofScratch] = SHARES;
    const [dataPath, scratchPath] = await Promise.all([
      this.existingData(data),
      this.scratchFor(person.userId, proposal.key),
    ]);
    const shares = [
      { ...ofData, hostPath: dataPath, limitMib: null },
      { ...ofScratch, hostPath: scratchPath, limitMib: scratch.limitMib },
    ];
    const mounts = [
      { ...ofData, guestPath: guest },
      { ...ofScratch, guestPath: scratch.guest },
    ];
    return { shares, mounts, runAs };
  }

  private runAs(account: CatalogueAccount): RunAs | null {
    const rule = this.site.data.runAs;
    if (rule.rule === 'machine') return null;
    const ids = Object.hasOwn(rule.accounts, account.name) ? rule.accounts[account.name] : undefined;
    if (ids) return ids;
    const message = `Your account has no rights on the facility's data store yet. ${ASK}`;
    throw new DataRefused('DATA_NO_ACCOUNT', message, `no ids for account '${account.name}' in data.runAs`);
  }

  private dataPaths(proposal: Proposal): [host: string, guest: string] {
    const visit = visitOf(proposal);
    const values = {
      proposal: proposal.name,
      facility: proposal.facility,
      beamline: visit?.beamline.id ?? null,
      visit: visit?.id ?? null,
    };
    try {
      return [expandPath(this.site.data.path, values), expandPath(this.site.data.guest, values)];
    } catch (error) {
      if (!(error instanceof UnsafeValue)) throw error;
      throw new DataRefused('DATA_NAME', `No data folder can belong to this proposal's name. ${ASK}`, error.message);
    }
  }

  private async existingData(path: string): Promise<string> {
    const real = await this.resolved(path);
    const roots = await Promise.all(this.site.data.roots.map((root) => realpath(root).catch(() => null)));
    if (roots.some((root) => root !== null && isInside(root, real))) return real;
    throw new DataRefused(
      'DATA_OUTSIDE',
      `The data of this proposal may not be shared. ${ASK}`,
      `${path} is really ${real}`,
    );
  }

  private async resolved(path: string): Promise<string> {
    let why = 'is not a folder';
    try {
      const real = await realpath(path);
      if ((await stat(real)).isDirectory()) return real;
    } catch (error) {
      why = (error as NodeJS.ErrnoException).code ?? String(error);
    }
    throw new DataRefused(
      'DATA_MISSING',
      `The data of this proposal can't be found on the data store. ${ASK}`,
      `${path}: ${why}`,
    );
  }

  /** The hypervisor makes the folder when it is missing; one that is there must really lie where it is said to. */
  private async scratchFor(userId: string, key: string): Promise<string> {
    const { root } = this.site.data.scratch;
    const below = join(expandPath('{user}', { user: userId }), scratchFolder(key));
    const path = join(root, below);
    const [realRoot, real] = await Promise.all([root, path].map((p) => realpath(p).catch(() => null)));
    if (!realRoot || !real || real === join(realRoot, below)) return path;
    const message = `Your scratch folder can't be used. ${ASK}`;
    throw new DataRefused('SCRATCH_UNUSABLE', message, `${path} is really ${real}`);
  }
}

/** Longest name the hypervisor takes for one step of a scratch path; it takes no `:` either. */
const FOLDER_MAX = 128;

/** Folder name of a proposal key, another one for every key: `~~` occurs in no key, and long keys end in their hash. */
function scratchFolder(key: string): string {
  const name = key.replaceAll(':', '~~');
  if (name.length <= FOLDER_MAX) return expandPath('{key}', { key: name });
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 40);
  return expandPath('{key}', { key: `${name.slice(0, 80)}~~${hash}` });
}

/** The latest visit that has begun, else the first to come: whose folder a template with {visit} or {beamline} means. */
function visitOf(proposal: Proposal, now = Date.now()): Proposal['visits'][number] | null {
  const begin = (visit: Proposal['visits'][number]) => (visit.start ?? visit.end)?.getTime() ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...proposal.visits].sort((a, b) => begin(a) - begin(b));
  return sorted.findLast((visit) => begin(visit) <= now) ?? sorted[0] ?? null;
}

/** Really below the folder, not the folder itself. */
function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
