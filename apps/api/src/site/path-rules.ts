import { realpath, stat } from 'node:fs/promises';
import type { CatalogueAccount, Proposal } from '@beamdesk/catalogue';
import type { NamedRunAs, NfsMount, Personalisation, RunAs, Share } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import { ASK, DataRefused } from './data-refused';
import { type Expanded, expandRule, ruleFor, valuesOf } from './data-rule';
import { homeBelow, keptFolder, scratchBelow } from './kept-folders';
import { runAsOf } from './run-as';
import { Site } from './site';
import { HOME_IN_GUEST } from './site-data';

export { DataRefused } from './data-refused';

export interface SharedData {
  shares: Share[];
  nfs: NfsMount[];
  mounts: Personalisation['mounts'];
  /** Null = the hypervisor's own unprivileged ids. */
  runAs: RunAs | NamedRunAs | null;
}

type Source = { share: Share } | { nfs: NfsMount };

/**
 * Turns a proposal into what a machine may see: its data read-only, a scratch folder of this person and proposal, and the person's
 * home folder where the site keeps one. What the catalogue says is never trusted to stay inside a folder.
 */
@Injectable()
export class PathRules {
  constructor(private readonly site: Pick<Site, 'data' | 'timeZone'>) {}

  /** @throws DataRefused with the reason; nothing else is ever mounted in place of what is missing */
  async sharesFor(person: { userId: string; account: CatalogueAccount }, proposal: Proposal): Promise<SharedData> {
    const { data, timeZone } = this.site;
    const values = valuesOf(proposal, timeZone);
    const runAs = runAsOf(data.runAs, person.account, values);
    const rule = expandRule(ruleFor(data.rules, values), values);
    const [source, writable] = await Promise.all([this.source(rule), this.writable(person.userId, proposal.key)]);
    const kind = rule.mount === '9p' ? {} : { kind: rule.mount };
    return {
      // In the order of `sharesOf`: a template is made with the same list.
      shares: ['share' in source ? [source.share] : [], writable.map(({ share }) => share)].flat(),
      nfs: 'nfs' in source ? [source.nfs] : [],
      mounts: [{ tag: 'data', guestPath: rule.guest, readOnly: true, ...kind }, ...writable.map(({ mount }) => mount)],
      runAs,
    };
  }

  private async source(rule: Expanded): Promise<Source> {
    const tag = 'data';
    // The server decides who may mount it, and from where; there is nothing of it to be looked at here.
    if (rule.mount === 'nfs') return { nfs: { tag, server: rule.server, exportPath: rule.exportPath } };
    const kind = rule.mount === '9p' ? {} : { kind: rule.mount };
    return { share: { tag, ...kind, hostPath: await this.existingData(rule.path), readOnly: true, limitMib: null } };
  }

  private async writable(
    userId: string,
    key: string,
  ): Promise<{ share: Share; mount: SharedData['mounts'][number] }[]> {
    const { scratch, home } = this.site.data;
    const wanted = [
      { ...scratch, below: scratchBelow(userId, key), code: 'SCRATCH_UNUSABLE', tag: 'scratch' } as const,
      ...(home
        ? [{ ...home, below: homeBelow(userId), code: 'HOME_UNUSABLE', tag: 'home', guest: HOME_IN_GUEST } as const]
        : []),
    ];
    return Promise.all(
      wanted.map(async ({ root, below, code, tag, guest, limitMib }) => ({
        share: { tag, hostPath: await keptFolder(root, below, { code, name: tag }), readOnly: false, limitMib },
        mount: { tag, guestPath: guest, readOnly: false },
      })),
    );
  }

  private async existingData(path: string): Promise<string> {
    const { roots: named } = this.site.data;
    const real = await this.resolved(path);
    // Not for this process to see: whoever starts the machine looks, follows no link, and asks with the person's own rights.
    if (real === null && named.some((root) => isInside(root, path))) return path;
    const roots = await Promise.all(named.map((root) => realpath(root).catch(() => null)));
    if (real !== null && roots.some((root) => root !== null && isInside(root, real))) return real;
    throw new DataRefused(
      'DATA_OUTSIDE',
      `The data of this proposal may not be shared. ${ASK}`,
      `${path} is really ${real}`,
    );
  }

  /** Null = closed to this process. */
  private async resolved(path: string): Promise<string | null> {
    let why = 'is not a folder';
    try {
      const real = await realpath(path);
      if ((await stat(real)).isDirectory()) return real;
    } catch (error) {
      why = (error as NodeJS.ErrnoException).code ?? String(error);
      if (why === 'EACCES') return null;
    }
    throw new DataRefused(
      'DATA_MISSING',
      `The data of this proposal can't be found on the data store. ${ASK}`,
      `${path}: ${why}`,
    );
  }
}

/** Really below the folder, not the folder itself. */
function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
