import { Catalogue, type Proposal, type ProposalSearch } from '@beamdesk/catalogue';
import type { ProposalDetail, ProposalsPage, ProposalsQuery } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { DESKTOP } from '../instances/services';
import { CatalogueSignIn } from '../catalogue-sessions/catalogue-sign-in';
import { InstanceViews } from '../instances/instance-view';
import { LaunchForecast } from '../launches/launch-forecast';
import { offerFor, presetOf } from '../plans/offer';
import { Plans } from '../plans/plans';
import { QuotasService } from '../quotas/quotas.service';
import { CopiedLists } from './copied-lists';
import { Site } from '../site/site';
import { beamlineOf } from './beamline-of';
import { Favourites } from './favourites';
import { ProposalAccess } from './proposal-access';
import { datasetView, type ProposalExtras, proposalView, teamView } from './proposal-view';

/** As many as one page can show; what follows is for the catalogue's own pages. */
const DATASETS_SHOWN = 1000;

/** Proposals as their members see them, each with its desktop, its plan and the quota: one answer draws every button. */
@Injectable()
export class ProposalsService {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProposalAccess,
    private readonly lists: CopiedLists,
    private readonly favourites: Favourites,
    private readonly plans: Plans,
    private readonly views: InstanceViews,
    private readonly quotas: QuotasService,
    private readonly launches: LaunchForecast,
    private readonly signIns: CatalogueSignIn,
    private readonly site: Site,
  ) {}

  async list(person: Person, query: ProposalsQuery): Promise<ProposalsPage> {
    const accounts = this.access.accountsOf(person);
    const [favourites, quota, signIn] = await Promise.all([
      this.favourites.of(person.id),
      this.quotas.viewFor(person.id),
      this.signIns.wanted(person.id),
    ]);
    const { offset, limit } = query;
    const found = await this.lists.page(accounts, searchOf(query, favourites));
    const extras = await this.extras(
      person,
      found.items.map(({ proposal }) => proposal),
      favourites,
    );
    const items = found.items.map(({ proposal, roles }) => proposalView(proposal, extras(proposal, roles)));
    const { total, standing } = found;
    return { items, total, offset, limit, quota, ...standing, ...(signIn.length > 0 ? { signIn } : {}) };
  }

  async get(person: Person, key: string): Promise<ProposalDetail> {
    const { proposal, account } = await this.access.requireMember(person, key);
    const [favourites, quota, datasets] = await Promise.all([
      this.favourites.of(person.id),
      this.quotas.viewFor(person.id),
      this.catalogue.datasets(account, key, { offset: 0, limit: DATASETS_SHOWN }),
    ]);
    const extras = await this.extras(person, [proposal], favourites);
    const myRoles = proposal.team.find((member) => member.account === account.name)?.roles ?? [];
    const row = proposalView(proposal, extras(proposal, myRoles));
    const { items, more } = datasets;
    return { ...row, team: teamView(proposal), datasets: items.map(datasetView), moreDatasets: more, quota };
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
    proposals: Proposal[],
    favourites: string[],
  ): Promise<(proposal: Proposal, myRoles: string[]) => ProposalExtras> {
    const keys = proposals.map(({ key }) => key);
    const [desktops, offered, forecast] = await Promise.all([
      this.views.ownByProposal(person.id, DESKTOP, keys),
      this.plans.forPerson(person.id),
      this.launches.now(),
    ]);
    const marked = new Set(favourites);
    return (proposal, myRoles) => {
      const desktop = desktops.get(proposal.key) ?? null;
      const offers = offerFor(proposal, offered, this.site);
      const plan = presetOf(offers);
      return {
        myRoles,
        favourite: marked.has(proposal.key),
        beamlineId: beamlineOf(proposal, this.site),
        desktop,
        plan,
        launch: forecast(desktop, plan),
        offers: offers.map((offer) => ({ offer, launch: forecast(null, offer.plan) })),
      };
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
