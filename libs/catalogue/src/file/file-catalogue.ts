import { stat } from 'node:fs/promises';
import {
  Catalogue,
  CatalogueAccount,
  CatalogueCheck,
  DatasetPage,
  DatasetQuery,
  ProposalPage,
  ProposalSearch,
  RestoreRequest,
} from '../catalogue';
import { CatalogueUnavailable, RestoreRefused } from '../errors';
import { Proposal, ProposalKey } from '../proposal';
import { searchProposals } from '../search-proposals';
import { LoadedCatalogue, loadCatalogue, LoadedProposal } from './load-catalogue';
import { RememberedRestores, Retrieve } from './remembered-restores';

export interface FileCatalogueOptions {
  /** Told once for each new fault of the file; the last good contents stay in use. For the log. */
  onBroken?: (error: Error) => void;
  onReload?: (proposals: number) => void;
  /** The file is looked at again at most this often. Default 1000. */
  checkEveryMs?: number;
  /** Brings an archived dataset's files back. Default: they are back at once, and only this process knows. */
  retrieve?: Retrieve;
}

/**
 * A facility's catalogue from one YAML file, for demonstrations and sites without ICAT or SciCat. A changed file is taken
 * over at the next call; a broken or vanished one is reported and the last good contents are kept.
 */
export class FileCatalogue extends Catalogue {
  private nextCheck: number;
  private checking: Promise<void> | null = null;
  /** What is wrong with the file at present. */
  private broken: string | null = null;
  private readonly restores: RememberedRestores;

  private constructor(
    private readonly path: string,
    private loaded: LoadedCatalogue,
    private mark: string,
    private readonly options: FileCatalogueOptions,
  ) {
    super();
    this.nextCheck = Date.now() + this.checkEveryMs;
    this.restores = new RememberedRestores(options.retrieve ?? (() => Promise.resolve()));
  }

  /** @throws YamlInvalid with every fault of the file; the system's error when it cannot be read */
  static async open(path: string, options: FileCatalogueOptions = {}): Promise<FileCatalogue> {
    const mark = await fileMark(path);
    return new FileCatalogue(path, await loadCatalogue(path), mark, options);
  }

  override get id(): string {
    return this.loaded.id;
  }

  override async search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage> {
    await this.refresh();
    const visible = [...this.loaded.proposals.values()].filter((p) => this.sees(account, p)).map((p) => p.proposal);
    return searchProposals(visible, query);
  }

  override async find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null> {
    return (await this.visible(account, key))?.proposal ?? null;
  }

  override async isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean> {
    return (await this.visible(account, key)) !== null;
  }

  override async datasets(account: CatalogueAccount, key: ProposalKey, page: DatasetQuery): Promise<DatasetPage> {
    const all = (await this.visible(account, key))?.datasets ?? [];
    const end = page.offset + page.limit;
    const items = all
      .slice(page.offset, end)
      .map((dataset) => ({ ...dataset, availability: this.restores.availability(key, dataset) }));
    return { items, more: end < all.length };
  }

  override async restore(account: CatalogueAccount, key: ProposalKey, datasetIds: string[]): Promise<RestoreRequest> {
    const found = await this.visible(account, key);
    if (!found) throw new RestoreRefused('not-found', `${key}: not visible to '${account.name}'`);
    return this.restores.request(account, key, found.datasets, datasetIds);
  }

  override async restoreStatus(
    account: CatalogueAccount,
    key: ProposalKey,
    requestId: string,
  ): Promise<RestoreRequest | null> {
    return (await this.visible(account, key)) && this.restores.status(account, key, requestId);
  }

  override async check(): Promise<CatalogueCheck> {
    await this.refresh();
    const text = 'The catalogue file cannot be read; its last good contents are in use.';
    const error = this.broken === null ? null : new CatalogueUnavailable(text, 'malformed', this.broken);
    return { product: 'file', version: null, error, notes: [`${this.loaded.proposals.size} proposals`] };
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }

  private async visible(account: CatalogueAccount, key: ProposalKey): Promise<LoadedProposal | null> {
    await this.refresh();
    const found = this.loaded.proposals.get(key);
    return found && this.sees(account, found) ? found : null;
  }

  private sees(account: CatalogueAccount, proposal: LoadedProposal): boolean {
    return account.catalogue === this.loaded.id && proposal.accounts.has(account.name);
  }

  private get checkEveryMs(): number {
    return this.options.checkEveryMs ?? 1000;
  }

  private async refresh(): Promise<void> {
    if (Date.now() >= this.nextCheck) {
      this.nextCheck = Date.now() + this.checkEveryMs;
      this.checking ??= this.reload().finally(() => (this.checking = null));
    }
    await this.checking;
  }

  private async reload(): Promise<void> {
    let mark = 'unreadable';
    try {
      mark = await fileMark(this.path);
      if (mark === this.mark) return;
      const loaded = await loadCatalogue(this.path);
      if (loaded.id !== this.loaded.id)
        throw new Error(`${this.path}: the catalogue's id changed: restart to take it over`);
      this.loaded = loaded;
      this.broken = null;
      this.options.onReload?.(loaded.proposals.size);
    } catch (error) {
      const fault = error instanceof Error ? error : new Error(String(error));
      this.broken = fault.message;
      if (mark !== this.mark) this.options.onBroken?.(fault);
    }
    this.mark = mark;
  }
}

/** Changes whenever the file is written or replaced. */
async function fileMark(path: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(path, { bigint: true });
  return `${ino}:${size}:${mtimeNs}`;
}
