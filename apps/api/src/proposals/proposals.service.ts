import { Catalogue, type CatalogueAccount, type Proposal, type ProposalSearch } from '@beamdesk/catalogue';
import type { ProposalDetail, ProposalsPage, ProposalsQuery } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { DESKTOP } from '../instances/services';
import { InstanceViews } from '../instances/instance-view';
import { LaunchForecast } from '../launches/launch-forecast';
import { choosePreset, Plans } from '../plans/plans';
import { QuotasService } from '../quotas/quotas.service';
import { Favourites } from './favourites';
import { ProposalAccess } from './proposal-access';
import { beamlineIds, datasetView, type ProposalExtras, proposalView, teamView } from './proposal-view';

/** As many as one page can show; what follows is for the catalogue's own pages. */
const DATASETS_SHOWN = 1000;

/** Proposals as their members see them, each with its desktop, its plan and the quota: one answer draws every button. */
@Injectable()
export class ProposalsService {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProposalAccess,
    private readonly favourites: Favourites,
    private readonly plans: Plans,
    private readonly views: InstanceViews,
    private readonly quotas: QuotasService,
    private readonly launches: LaunchForecast,
  ) {}

  async list(person: Person, query: ProposalsQuery): Promise<ProposalsPage> {
    const account = this.access.accountOf(person);
    const [favourites, quota] = await Promise.all([this.favourites.of(person.id), this.quotas.viewFor(person.id)]);
    const { offset, limit } = query;
    const found = account ? await this.catalogue.search(account, searchOf(query, favourites)) : { items: [], total: 0 };
    const extras = account ? await this.extras(person, account, found.items, favourites) : () => null;
    const items = found.items.flatMap((proposal) => {
      const extra = extras(proposal);
      return extra ? [proposalView(proposal, extra)] : [];
    });
    return { items, total: found.total, offset, limit, quota };
  }

  async get(person: Person, key: string): Promise<ProposalDetail> {
    const { proposal, account } = await this.access.requireMember(person, key);
    const [favourites, quota, datasets] = await Promise.all([
      this.favourites.of(person.id),
      this.quotas.viewFor(person.id),
      this.catalogue.datasets(account, key, { offset: 0, limit: DATASETS_SHOWN }),
    ]);
    const extras = await this.extras(person, account, [proposal], favourites);
    const row = proposalView(proposal, extras(proposal));
    return { ...row, team: teamView(proposal), datasets: datasets.items.map(datasetView), quota };
  }

  async mark(person: Person, key: string): Promise<void> {
    await this.access.requireMember(person, key);
    await this.favourites.add(person.id, key);
  }

  async unmark(person: Person, key: string): Promise<void> {
    await this.access.requireMember(person, key);
    await this.favourites.remove(person.id, key);
  }

  /** Three queries for a whole page, however many rows it has. */
  private async extras(
    person: Person,
    account: CatalogueAccount,
    proposals: Proposal[],
    favourites: string[],
  ): Promise<(proposal: Proposal) => ProposalExtras> {
    const keys = proposals.map(({ key }) => key);
    const [desktops, offered, forecast] = await Promise.all([
      this.views.ownByProposal(person.id, DESKTOP, keys),
      this.plans.all(),
      this.launches.now(),
    ]);
    const marked = new Set(favourites);
    return (proposal) => {
      const desktop = desktops.get(proposal.key) ?? null;
      const plan = choosePreset(offered, beamlineIds(proposal));
      return { account, favourite: marked.has(proposal.key), desktop, plan, launch: forecast(desktop, plan) };
    };
  }
}

function searchOf(
  { search, sort, favourites: only, offset, limit }: ProposalsQuery,
  favourites: string[],
): ProposalSearch {
  return {
    text: search,
    sort: sort === 'favourites' ? 'recent' : sort,
    ...(sort === 'favourites' ? { first: favourites } : {}),
    ...(only === 'true' ? { keys: favourites } : {}),
    offset,
    limit,
  };
}
