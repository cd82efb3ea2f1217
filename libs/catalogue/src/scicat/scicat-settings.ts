import { HttpLimits } from '../http/catalogue-http';
import { BeamlineTable } from '../mapping/beamlines';
import { LifecycleRule } from './lifecycle';

/** A user and password, or a token somebody made for us, which nobody can renew. */
export type ScicatLogin =
  | { kind: 'password'; route: 'auth/login' | 'auth/ldap' | 'auth/msad'; username: string; password: string }
  | { kind: 'token'; token: string };

export interface RetrieveSettings {
  /** Which of SciCat's two job interfaces is spoken. */
  api: 'v3' | 'v4';
  /** The site's job type. */
  type: string;
  destinationPath: string;
  /** v4: the job belongs to the person, which SciCat lets only administrators' accounts ask for. */
  onBehalf: boolean;
  /** v3: who is told; null: nobody. */
  email: string | null;
}

export interface ScicatSettings {
  /** The catalogue's id here. */
  id: string;
  /** SciCat knows no facilities: what its proposals' keys say. */
  facility: string;
  /** Where `/api/v3` lies, e.g. `https://scicat.example.org`. */
  url: string;
  login: ScicatLogin;
  /**
   * Whose word counts for the groups of an account. account: what the authorisation database holds. scicat: what SciCat holds of
   * the user of that name, asked each time; only administrators' accounts may ask.
   */
  groups: 'account' | 'scicat';
  beamlines: BeamlineTable;
  lifecycle?: LifecycleRule[];
  /** Null: nothing is ever restored. */
  retrieve: RetrieveSettings | null;
  limits?: HttpLimits;
}
