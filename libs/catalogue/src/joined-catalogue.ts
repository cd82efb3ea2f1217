import {
  Catalogue,
  CatalogueAccount,
  CatalogueCheck,
  DatasetPage,
  DatasetQuery,
  ProposalPage,
  ProposalSearch,
  RestoreRequest,
} from './catalogue';
import { RestoreRefused } from './errors';
import { Proposal, ProposalKey } from './proposal';
import { parseProposalKey } from './proposal-key';

/** Several catalogues behind one port: each question goes to the one its account belongs to, and to no other. */
export class JoinedCatalogue extends Catalogue {
  override readonly id: string;
  private readonly byId: ReadonlyMap<string, Catalogue>;

  /** @throws RangeError where two have one id: a person's account would be good in both */
  constructor(readonly catalogues: readonly Catalogue[]) {
    super();
    this.byId = new Map(catalogues.map((catalogue) => [catalogue.id, catalogue]));
    if (this.byId.size !== catalogues.length) throw new RangeError('two catalogues have one id');
    this.id = [...this.byId.keys()].join('+');
  }

  override has(catalogue: string): boolean {
    return this.byId.has(catalogue);
  }

  override async search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage> {
    return this.byId.get(account.catalogue)?.search(account, query) ?? { items: [], total: 0 };
  }

  override async find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null> {
    return this.of(account, key)?.find(account, key) ?? null;
  }

  override async isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean> {
    return this.of(account, key)?.isMember(account, key) ?? false;
  }

  override async datasets(account: CatalogueAccount, key: ProposalKey, page: DatasetQuery): Promise<DatasetPage> {
    return this.of(account, key)?.datasets(account, key, page) ?? { items: [], more: false };
  }

  override async restore(account: CatalogueAccount, key: ProposalKey, datasetIds: string[]): Promise<RestoreRequest> {
    const catalogue = this.of(account, key);
    if (!catalogue) throw new RestoreRefused('not-found', `${key} is not of '${account.catalogue}'`);
    return catalogue.restore(account, key, datasetIds);
  }

  override async restoreStatus(
    account: CatalogueAccount,
    key: ProposalKey,
    requestId: string,
  ): Promise<RestoreRequest | null> {
    return this.of(account, key)?.restoreStatus(account, key, requestId) ?? null;
  }

  /** Well only when all are; each one's notes under its id. */
  override async check(): Promise<CatalogueCheck> {
    const checks = await Promise.all([...this.byId].map(async ([id, one]) => ({ id, ...(await one.check()) })));
    return {
      product: checks.map(({ product }) => product).join(', '),
      version: null,
      error: checks.find(({ error }) => error !== null)?.error ?? null,
      notes: checks.flatMap(({ id, notes }) => notes.map((note) => `${id}: ${note}`)),
    };
  }

  override async close(): Promise<void> {
    await Promise.all(this.catalogues.map((catalogue) => catalogue.close()));
  }

  /** Null: not one of ours, or account and proposal are of different ones. */
  private of(account: CatalogueAccount, key: ProposalKey): Catalogue | null {
    if (parseProposalKey(key)?.catalogue !== account.catalogue) return null;
    return this.byId.get(account.catalogue) ?? null;
  }
}
