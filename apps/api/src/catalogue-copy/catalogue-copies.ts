import { Catalogue, type CatalogueAccount, CatalogueUnavailable, type Proposal } from '@beamdesk/catalogue';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { accountDigest } from './copied-rows';
import { CopiedProposals, type CopyStanding } from './copied-proposals';
import { CopySettings } from './copy-settings';
import { CopyWriter } from './copy-writer';

/** As many as a catalogue is asked for at once. */
const PAGE = 20_000;

/** A copy that may be shown, and why it could not be made anew. */
export interface LookedAt extends CopyStanding {
  /** Null: it is fresh, or on its way. */
  fault: CatalogueUnavailable | null;
}

/** Keeps the copies like the catalogues: made anew when somebody signs in, when somebody lists, and by age. */
@Injectable()
export class CatalogueCopies implements OnModuleDestroy {
  private readonly log = new Logger('CatalogueCopies');
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly faults = new Map<string, { error: CatalogueUnavailable; at: number }>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly copies: CopiedProposals,
    private readonly writer: CopyWriter,
    private readonly settings: CopySettings,
  ) {}

  /** Whatever still asks a catalogue ends before the database goes. */
  async onModuleDestroy(): Promise<void> {
    await Promise.allSettled(this.underWay.values());
  }

  /**
   * The copies of these accounts, made anew where they are old. Waits for the catalogue as long as there is nothing to show,
   * and a moment where there is.
   */
  async lookAt(accounts: CatalogueAccount[]): Promise<LookedAt[]> {
    const standing = await this.copies.standing(accounts);
    const old = standing.filter((copy) => !this.isFresh(copy));
    if (old.length === 0) return standing.map((copy) => ({ ...copy, fault: null }));
    await Promise.all(old.map((copy) => this.renewed(copy)));
    const after = await this.copies.standing(accounts);
    return after.map((copy) => ({ ...copy, fault: this.faultOf(copy.account) }));
  }

  /**
   * Makes the copies of these accounts anew unless they are younger than `ageMs`; never throws.
   * @returns the catalogues that gave no answer at all, so that who has more of them need not try
   */
  async renew(accounts: CatalogueAccount[], ageMs: number): Promise<string[]> {
    try {
      const old = (await this.copies.standing(accounts)).filter((copy) => copy.ageMs === null || copy.ageMs >= ageMs);
      const answers = await Promise.allSettled(old.map((copy) => this.ask(copy)));
      return old.flatMap(({ account }, i) => (isSilence(answers[i]) ? [account.catalogue] : []));
    } catch (error) {
      this.log.warn(`copies not renewed: ${String(error)}`);
      return [];
    }
  }

  /** An empty one is never fresh: whoever misses a proposal looks again and again. */
  private isFresh({ ageMs, proposals }: CopyStanding): boolean {
    return ageMs !== null && proposals > 0 && ageMs < this.settings.freshMs;
  }

  private async renewed(copy: CopyStanding): Promise<void> {
    const shown = copy.observedAt !== null;
    const fault = this.faults.get(accountDigest(copy.account));
    if (shown && fault && Date.now() - fault.at < this.settings.pauseMs) return;
    const answer = this.ask(copy).catch((error: unknown) => {
      if (!(error instanceof CatalogueUnavailable)) throw error;
    });
    if (!shown) return answer;
    let timer: NodeJS.Timeout | undefined;
    const moment = new Promise<void>((over) => (timer = setTimeout(over, this.settings.waitMs)));
    await Promise.race([answer, moment]).finally(() => clearTimeout(timer));
  }

  private faultOf(account: CatalogueAccount): CatalogueUnavailable | null {
    return this.faults.get(accountDigest(account))?.error ?? null;
  }

  /** One question at a time for an account, whoever wants the answer. */
  private ask(copy: CopyStanding): Promise<void> {
    const digest = accountDigest(copy.account);
    const present = this.underWay.get(digest);
    if (present) return present;
    const asking = this.copy(copy)
      .then(() => void this.faults.delete(digest))
      .catch((error: unknown) => {
        if (!(error instanceof CatalogueUnavailable)) throw error;
        const { catalogue } = copy.account;
        if (error.reason !== 'sign-in') this.log.warn(`the copy of '${catalogue}' stays as it is: ${error.reason}: ${error.detail}`);
        this.faults.set(digest, { error, at: Date.now() });
        throw error;
      })
      .finally(() => this.underWay.delete(digest));
    this.underWay.set(digest, asking);
    return asking;
  }

  private async copy({ id, account }: CopyStanding): Promise<void> {
    const askedAt = await this.writer.now();
    if (await this.writer.replace(id, account, await this.everything(account), askedAt)) return;
    // Another process was faster, or a membership was taken back meanwhile: only a later answer counts then.
    const again = await this.writer.now();
    await this.writer.replace(id, account, await this.everything(account), again);
  }

  private async everything(account: CatalogueAccount): Promise<Proposal[]> {
    const found: Proposal[] = [];
    for (;;) {
      const query = { text: '', sort: 'name', offset: found.length, limit: PAGE } as const;
      const { items, total } = await this.catalogue.search(account, query);
      found.push(...items);
      if (items.length === 0 || found.length >= total) return found;
    }
  }
}

function isSilence(answer: PromiseSettledResult<void> | undefined): boolean {
  if (answer?.status !== 'rejected' || !(answer.reason instanceof CatalogueUnavailable)) return false;
  return answer.reason.reason === 'unreachable' || answer.reason.reason === 'timeout';
}
