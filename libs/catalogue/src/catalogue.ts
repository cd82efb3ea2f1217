import { CatalogueUnavailable } from './errors';
import { DatasetRecord, Proposal, ProposalKey } from './proposal';

/**
 * How a login is known in a catalogue. Made by the authorisation database, never from a mail or an unverified claim.
 * `name` is the catalogue's own user name (ICAT `User.name`, SciCat username); `groups` serve catalogues without member lists.
 */
export interface CatalogueAccount {
  catalogue: string;
  name: string;
  groups: string[];
}

export type ProposalSort = 'recent' | 'name' | 'title';

export interface ProposalSearch {
  /** Words that must all occur in name, title, abstract, beamline or technique; case-insensitive; '' = all. */
  text: string;
  sort: ProposalSort;
  /** Only these keys (favourites); undefined = no restriction. */
  keys?: ProposalKey[];
  /** These keys first, in the given sort among themselves. */
  first?: ProposalKey[];
  offset: number;
  limit: number;
}

export interface ProposalPage {
  items: Proposal[];
  /** Matches in all, not only on this page. */
  total: number;
}

export interface DatasetQuery {
  offset: number;
  limit: number;
}

export interface DatasetPage {
  items: DatasetRecord[];
  /** Whether others follow: not every catalogue can count what one account may see. */
  more: boolean;
}

/** requested: accepted, nothing happens yet. failed: the archive gave up; asking again is a new request. */
export type RestoreState = 'requested' | 'running' | 'done' | 'failed';

/** That archived datasets be brought back where desktops can read them. */
export interface RestoreRequest {
  /** Opaque; good for the account and proposal it was made for. */
  id: string;
  datasetIds: string[];
  state: RestoreState;
}

/** Most datasets of one restore request. */
export const RESTORE_MAX = 100;

/** What asking the catalogue how it is came to. */
export interface CatalogueCheck {
  /** E.g. "ICAT". */
  product: string;
  /** Null: it does not say. */
  version: string | null;
  /** Null: reachable, and our own account there is good. */
  error: CatalogueUnavailable | null;
  /** What an administrator should know although it works. */
  notes: string[];
}

/**
 * Port to a facility's metadata catalogue. Every call answers for one account and never shows what that account may not see.
 * All methods but `check` throw `CatalogueUnavailable` when the catalogue cannot be asked: that is never "no".
 */
export abstract class Catalogue {
  /** The id this catalogue has in keys and accounts, e.g. "demo". */
  abstract readonly id: string;
  /** Whether accounts and keys of the catalogue with this id are answered here. */
  has(catalogue: string): boolean {
    return catalogue === this.id;
  }
  abstract search(account: CatalogueAccount, query: ProposalSearch): Promise<ProposalPage>;
  /** With visits and team. Null: unknown, or not visible to this account (never told apart). */
  abstract find(account: CatalogueAccount, key: ProposalKey): Promise<Proposal | null>;
  /** Asks the catalogue each time; nothing remembered. */
  abstract isMember(account: CatalogueAccount, key: ProposalKey): Promise<boolean>;
  /** In an order that stays; empty when the proposal is unknown or not visible. */
  abstract datasets(account: CatalogueAccount, key: ProposalKey, page: DatasetQuery): Promise<DatasetPage>;
  /**
   * Asks for datasets to be brought back from the archive; only ever because a person said so. What is online already is no
   * fault. The proposal and each dataset are checked against the account first.
   * @throws RestoreRefused
   */
  abstract restore(account: CatalogueAccount, key: ProposalKey, datasetIds: string[]): Promise<RestoreRequest>;
  /** How a request stands; null: not one of this account and proposal. Changes nothing, however often it is asked. */
  abstract restoreStatus(
    account: CatalogueAccount,
    key: ProposalKey,
    requestId: string,
  ): Promise<RestoreRequest | null>;
  /** Never throws. */
  abstract check(): Promise<CatalogueCheck>;
  /** Signs out and lets go of everything. */
  abstract close(): Promise<void>;
}
