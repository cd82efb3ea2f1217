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
import { CatalogueHttp, HTTP_LIMITS } from '../http/catalogue-http';
import { Beamlines } from '../mapping/beamlines';
import { Roles } from '../mapping/roles';
import { Availability, Proposal, ProposalKey } from '../proposal';
import { restoreIds } from '../restore-ids';
import { searchProposals } from '../search-proposals';
import { checkIcat } from './icat-check';
import { IcatClient } from './icat-client';
import { IcatFacts } from './icat-facts';
import { IcatFault } from './icat-fault';
import { IcatMapping } from './icat-mapping';
import { IcatReader } from './icat-reader';
import { datasetRow, IcatDataset } from './icat-rows';
import { IcatSessions } from './icat-sessions';
import { IcatSettings } from './icat-settings';
import { IdsArchive, datasetsOfRequest, isDatasetId } from './ids-archive';
import { IdsClient } from './ids-client';
import { datasetsOf } from './jpql';
import { InvestigationTechniques } from './investigation-techniques';
import { MyInvestigations } from './my-investigations';

/** Entities a dataset comes with: itself, its sample, a few techniques and the links to them. */
const DATASET_WEIGHT = 8;

/**
 * Proposals of an ICAT server, datasets of the data server beside it. A proposal is all investigations of one facility and
 * name that the account belongs to: of visits it does not belong to it sees neither team nor data.
 */
export class IcatCatalogue extends Catalogue {
  override readonly id: string;
  private readonly client: IcatClient;
  private readonly ids: IdsClient | null;
  private readonly sessions: IcatSessions;
  private readonly facts: IcatFacts;
  private readonly mapping: IcatMapping;
  private readonly archive: IdsArchive | null;
  private readonly mine: MyInvestigations;
  private readonly techniques: InvestigationTechniques;

  /** Asks nothing yet. */
  constructor(settings: IcatSettings) {
    super();
    this.id = settings.id;
    const limits = settings.limits ?? HTTP_LIMITS;
    this.client = new IcatClient(new CatalogueHttp(settings.url, limits));
    this.ids = settings.idsUrl === null ? null : new IdsClient(new CatalogueHttp(settings.idsUrl, limits));
    this.archive = this.ids && new IdsArchive(this.ids);
    this.sessions = new IcatSessions(this.client, settings.access);
    this.facts = new IcatFacts(this.client);
    const { membership } = settings;
    this.mapping = new IcatMapping(this.id, membership, new Roles(settings.roles), new Beamlines(settings.beamlines));
    this.mine = new MyInvestigations(this.client, this.sessions, this.facts, this.mapping, membership);
    this.techniques = new InvestigationTechniques(this.client, this.sessions, this.facts, membership);
  }

  override async search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage> {
    if (!this.isOurs(account)) return { items: [], total: 0 };
    const mine = await this.mine.all(account);
    return searchProposals(this.mapping.proposals(mine, await this.techniques.of(account, mine)), query);
  }

  override async find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null> {
    if (!this.isOurs(account)) return null;
    const mine = await this.mine.of(account, key);
    const [found] = this.mapping.proposals(mine, await this.techniques.of(account, mine, key));
    return found?.key === key ? found : null;
  }

  override async isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean> {
    // Asked every few minutes for each desktop: without the techniques.
    if (!this.isOurs(account)) return false;
    const [found] = this.mapping.proposals(await this.mine.of(account, key), new Map());
    return found?.key === key;
  }

  override async datasets(account: CatalogueAccount, key: ProposalKey, page: DatasetQuery): Promise<DatasetPage> {
    const rows = await this.rows(account, key, page.offset, page.limit + 1);
    const shown = rows.slice(0, page.limit);
    const ids = shown.map(({ id }) => String(id));
    const where = await this.whereabouts(account, ids);
    const items = shown.map((row) => this.mapping.dataset(row, where.get(String(row.id)) ?? 'unknown'));
    return { items, more: rows.length > page.limit };
  }

  override async restore(account: CatalogueAccount, key: ProposalKey, datasetIds: string[]): Promise<RestoreRequest> {
    const ids = restoreIds(datasetIds);
    if (!(await this.areMine(account, key, ids)))
      throw new RestoreRefused('not-found', `${key}: ${ids.length} datasets`);
    const { archive } = this;
    const session = this.sessions.of(account);
    if (!archive || !session) throw new RestoreRefused('unsupported', 'no data server is configured');
    try {
      return await session.use((id) => archive.restore(id, ids));
    } catch (error) {
      if (error instanceof IcatFault && error.status === 403) throw new RestoreRefused('refused', error.detail);
      throw error;
    }
  }

  override async restoreStatus(
    account: CatalogueAccount,
    key: ProposalKey,
    requestId: string,
  ): Promise<RestoreRequest | null> {
    const datasetIds = datasetsOfRequest(requestId);
    const { archive } = this;
    if (!datasetIds || !archive || !(await this.areMine(account, key, datasetIds))) return null;
    const state = await this.sessions.of(account)?.use((id) => archive.state(id, datasetIds));
    return state ? { id: requestId, datasetIds, state } : null;
  }

  override check(): Promise<CatalogueCheck> {
    return checkIcat(this.facts, this.client, this.sessions, this.ids, this.techniques);
  }

  override close(): Promise<void> {
    return this.sessions.close();
  }

  private isOurs(account: CatalogueAccount): boolean {
    return account.catalogue === this.id && account.name !== '' && !account.name.includes('\0');
  }

  /** A data server that does not answer hides no dataset: only where they are is not known then. */
  private async whereabouts(account: CatalogueAccount, ids: string[]): Promise<Map<string, Availability>> {
    const { archive } = this;
    const session = this.sessions.of(account);
    if (!archive || !session) return new Map();
    try {
      return await session.use((id) => archive.whereabouts(id, ids));
    } catch (error) {
      if (error instanceof CatalogueUnavailable) return new Map();
      throw error;
    }
  }

  /** Whether every one is a dataset of a visit this account belongs to. */
  private async areMine(account: CatalogueAccount, key: ProposalKey, ids: string[]): Promise<boolean> {
    if (!ids.every(isDatasetId)) return false;
    const rows = await this.rows(account, key, 0, ids.length, ids);
    const found = new Set(rows.map(({ id }) => String(id)));
    return ids.every((id) => found.has(id));
  }

  private async rows(
    account: CatalogueAccount,
    key: ProposalKey,
    offset: number,
    count: number,
    ids?: string[],
  ): Promise<IcatDataset[]> {
    const session = this.isOurs(account) ? this.sessions.of(account) : null;
    if (!session) return [];
    const investigations = (await this.mine.of(account, key)).map(({ id }) => id);
    if (investigations.length === 0) return [];
    const { maxEntities, techniques } = await this.facts.get();
    const query = datasetsOf({ investigations, techniques, ...(ids ? { ids } : {}) });
    const reader = new IcatReader(this.client, maxEntities);
    return session.use((id) => reader.rows(id, query, datasetRow, DATASET_WEIGHT, offset, count));
  }
}
