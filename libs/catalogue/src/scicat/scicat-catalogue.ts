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
import { Proposal, ProposalKey } from '../proposal';
import { restoreIds } from '../restore-ids';
import { searchProposals } from '../search-proposals';
import { LIFECYCLE_RULES } from './lifecycle';
import { ProposalTechniques } from './proposal-techniques';
import { RetrieveJobs } from './retrieve-jobs';
import { ScicatClient } from './scicat-client';
import { ScicatMapping } from './scicat-mapping';
import { ScicatReader } from './scicat-reader';
import { ScicatDataset } from './scicat-rows';
import { ScicatSession } from './scicat-session';
import { ScicatSettings } from './scicat-settings';

/** A request for what was online already; no job stands behind it. */
const NOTHING_TO_DO = 'online';

/**
 * Proposals and datasets of a SciCat server. It has no member lists: an account sees what one of its groups owns or may see, and
 * those groups are the account's own, never those of ours.
 */
export class ScicatCatalogue extends Catalogue {
  override readonly id: string;
  private readonly session: ScicatSession;
  private readonly client: ScicatClient;
  private readonly reader: ScicatReader;
  private readonly mapping: ScicatMapping;
  private readonly techniques: ProposalTechniques;
  private readonly jobs: RetrieveJobs | null;
  private readonly groups: ScicatSettings['groups'];

  /** Asks nothing yet. */
  constructor(settings: ScicatSettings) {
    super();
    this.id = settings.id;
    const { facility, beamlines, lifecycle, retrieve, groups } = settings;
    this.groups = groups;
    const http = new CatalogueHttp(settings.url, settings.limits ?? HTTP_LIMITS);
    this.session = new ScicatSession(http, settings.login);
    this.client = new ScicatClient(http, this.session);
    this.techniques = new ProposalTechniques(this.client);
    this.reader = new ScicatReader(this.client, facility);
    this.mapping = new ScicatMapping(this.id, facility, new Beamlines(beamlines), lifecycle ?? LIFECYCLE_RULES);
    this.jobs = retrieve && new RetrieveJobs(this.client, retrieve);
  }

  override async search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage> {
    const known = await this.known(account);
    if (!known) return { items: [], total: 0 };
    const rows = await this.reader.proposals(known);
    const instruments = await this.reader.instrumentsOf(rows);
    const techniques = await this.techniques.all(known, rows);
    return searchProposals(
      rows.flatMap((row) => this.mapping.proposal(row, instruments, techniques) ?? []),
      query,
    );
  }

  override async find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null> {
    const known = await this.known(account);
    const row = known && (await this.reader.proposal(known, key));
    if (!known || !row) return null;
    const instruments = await this.reader.instrumentsOf([row]);
    return this.mapping.proposal(row, instruments, await this.techniques.of(known, row));
  }

  override async isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean> {
    const known = await this.known(account);
    return known !== null && (await this.reader.proposal(known, key)) !== null;
  }

  override async datasets(account: CatalogueAccount, key: ProposalKey, page: DatasetQuery): Promise<DatasetPage> {
    const rows = await this.rows(account, key);
    const end = page.offset + page.limit;
    return { items: rows.slice(page.offset, end).map((row) => this.mapping.dataset(row)), more: end < rows.length };
  }

  override async restore(account: CatalogueAccount, key: ProposalKey, datasetIds: string[]): Promise<RestoreRequest> {
    const ids = restoreIds(datasetIds);
    const rows = new Map((await this.rows(account, key)).map((row) => [row.pid, row]));
    const wanted = ids.map((id) => {
      const row = rows.get(id);
      if (!row) throw new RestoreRefused('not-found', `${key}: not a dataset of it`);
      return { row, where: this.mapping.dataset(row).availability };
    });
    const unknown = wanted.find(({ where }) => where === 'unknown');
    if (unknown) throw new RestoreRefused('not-archived', `${key}: no rule tells where ${unknown.row.pid} is`);
    const archived = wanted.filter(({ where }) => where !== 'online').map(({ row }) => row);
    const [first] = archived;
    if (!first) return { id: NOTHING_TO_DO, datasetIds: ids, state: 'done' };
    if (!this.jobs) throw new RestoreRefused('unsupported', 'no retrieve jobs are configured');
    const { ownerGroup } = first;
    const job = await this.jobs.request({ pids: archived.map(({ pid }) => pid), user: account.name, ownerGroup });
    return { ...job, datasetIds: ids };
  }

  override async restoreStatus(
    account: CatalogueAccount,
    key: ProposalKey,
    requestId: string,
  ): Promise<RestoreRequest | null> {
    if (!this.jobs || !(await this.isMember(account, key))) return null;
    if (requestId === NOTHING_TO_DO) return { id: requestId, datasetIds: [], state: 'done' };
    const rows = await this.rows(account, key);
    return this.jobs.status(requestId, new Set(rows.map(({ pid }) => pid)));
  }

  override async check(): Promise<CatalogueCheck> {
    const product = 'SciCat';
    try {
      await this.client.health();
      const user = await this.session.userName();
      const notes = [`signed in as ${user ?? 'somebody it does not name'}`];
      const fault = await this.techniques.fault();
      if (fault) notes.push(`proposals come without techniques: ${fault.reason}: ${fault.detail}`);
      return { product, version: null, error: null, notes };
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      return { product, version: null, error, notes: [] };
    }
  }

  /** A token can't be ended: SciCat takes it until its time is over, whoever signs out. */
  override close(): Promise<void> {
    this.session.close();
    return Promise.resolve();
  }

  /** Null: not an account of ours, or one in no group. */
  private async known(account: CatalogueAccount): Promise<CatalogueAccount | null> {
    if (account.catalogue !== this.id || account.name === '') return null;
    const groups = this.groups === 'scicat' ? await this.client.groupsOf(account.name) : account.groups;
    return groups.length > 0 ? { ...account, groups } : null;
  }

  private async rows(account: CatalogueAccount, key: ProposalKey): Promise<ScicatDataset[]> {
    const known = await this.known(account);
    const proposal = known && (await this.reader.proposal(known, key));
    return known && proposal ? this.reader.datasets(known, proposal) : [];
  }
}
