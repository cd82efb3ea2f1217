import { CatalogueAccount } from '../catalogue';
import { HttpLimits } from '../http/catalogue-http';
import { BeamlineTable } from '../mapping/beamlines';
import { RoleTable } from '../mapping/roles';

/** What `POST /session` takes: an authenticator's mnemonic and its fields, in order. */
export interface IcatLogin {
  plugin: string;
  credentials: Record<string, string>[];
}

/**
 * service: one account that may read every proposal; who sees what is decided by the team ICAT lists. own: each person's own
 * session, so that ICAT's rules decide as well; `loginOf` gives null for somebody who has none at the moment. kept: likewise, by a
 * session that others look after; null: the person has to sign in.
 */
export type IcatAccess =
  | { kind: 'service'; login: IcatLogin }
  | { kind: 'own'; loginOf(account: CatalogueAccount): Promise<IcatLogin | null> }
  | { kind: 'kept'; sessionOf(account: CatalogueAccount): Promise<KeptSession | null> };

/** A session that somebody else opened with a person's own login, extends and ends. */
export interface KeptSession {
  /** The session's id at ICAT. */
  id: string;
  /** ICAT does not know it any longer. */
  lost(): Promise<void>;
}

/**
 * What makes a member. users: `investigationUsers`. groups: the people of `investigationGroups`. scientists: those who look
 * after the instrument (`instrumentScientists`), for every proposal there.
 */
export type IcatMembership = 'users' | 'groups' | 'scientists';

export interface IcatSettings {
  /** The catalogue's id here. */
  id: string;
  /** E.g. `https://icat.example.org/icat`. */
  url: string;
  /** Of the data server, e.g. `https://icat.example.org/ids`; null: there is none, or nothing is to be asked of it. */
  idsUrl: string | null;
  access: IcatAccess;
  membership: IcatMembership[];
  roles: RoleTable;
  beamlines: BeamlineTable;
  limits?: HttpLimits;
}
