import {
  type Beamline,
  type BeamlineTable,
  type Catalogue,
  FileCatalogue,
  type FileCatalogueOptions,
  HTTP_LIMITS,
  type IcatAccess,
  IcatCatalogue,
  ScicatCatalogue,
  type ScicatLogin,
} from '@beamdesk/catalogue';
import { beside, readCredentials } from './catalogues-faults';
import type { CatalogueEntry } from './catalogues-schema';

type Icat = Extract<CatalogueEntry, { kind: 'icat' }>;
type Scicat = Extract<CatalogueEntry, { kind: 'scicat' }>;

/** Authenticator of our own account, where the file names none. */
export const DEFAULT_PLUGIN = 'db';

export interface OpenOptions {
  /** CATALOGUES_FILE: its relative paths are beside it. */
  file: string;
  beamlines: readonly Beamline[];
  fileOptions?: FileCatalogueOptions;
  /** Where sessions are people's own: who keeps them … */
  sessionOf?: Extract<IcatAccess, { kind: 'kept' }>['sessionOf'];
  /** … or, for a moment, what they sign in with. */
  loginOf?: Extract<IcatAccess, { kind: 'own' }>['loginOf'];
}

/** The catalogue an entry of CATALOGUES_FILE names. Servers are not asked yet; a file is read. */
export async function openCatalogue(entry: CatalogueEntry, options: OpenOptions): Promise<Catalogue> {
  if (entry.kind === 'icat') return openIcat(entry, options);
  if (entry.kind === 'scicat') return openScicat(entry, options);
  const path = beside(options.file, entry.file);
  const catalogue = await FileCatalogue.open(path, options.fileOptions);
  if (catalogue.id === entry.id) return catalogue;
  throw new Error(`${path} is the catalogue '${catalogue.id}', which ${options.file} calls '${entry.id}'`);
}

function openIcat(entry: Icat, { file, beamlines, loginOf, sessionOf }: OpenOptions): IcatCatalogue {
  const { id, url, dataServer, plugin = DEFAULT_PLUGIN, membership, roles, credentialsFile, session } = entry;
  return new IcatCatalogue({
    id,
    url,
    idsUrl: dataServer,
    access:
      session === 'own'
        ? loginOf
          ? { kind: 'own', loginOf }
          : { kind: 'kept', sessionOf: sessionOf ?? (() => Promise.resolve(null)) }
        : { kind: 'service', login: { plugin, credentials: icatFields(beside(file, credentialsFile ?? '')) } },
    membership,
    roles,
    beamlines: tableOf(entry, beamlines),
    limits: limitsOf(entry),
  });
}

/** ICAT takes the fields of a sign-in as a list of one each. */
function icatFields(path: string): Record<string, string>[] {
  return Object.entries(readCredentials(path)).map(([name, value]) => ({ [name]: value }));
}

function openScicat(entry: Scicat, { file, beamlines }: OpenOptions): ScicatCatalogue {
  const { id, facility, url, groups, lifecycle, retrieve } = entry;
  return new ScicatCatalogue({
    id,
    facility,
    url,
    login: scicatLogin(entry, beside(file, entry.credentialsFile)),
    groups,
    beamlines: tableOf(entry, beamlines),
    retrieve,
    limits: limitsOf(entry),
    ...(lifecycle ? { lifecycle } : {}),
  });
}

function scicatLogin({ login }: Scicat, path: string): ScicatLogin {
  const { username = '', password = '', token = '' } = readCredentials(path);
  if (login === 'token') return { kind: 'token', token: token.trim() };
  const routes = { local: 'auth/login', ldap: 'auth/ldap', msad: 'auth/msad' } as const;
  return { kind: 'password', route: routes[login], username, password };
}

function tableOf(entry: Icat | Scicat, beamlines: readonly Beamline[]): BeamlineTable {
  const known = new Map(beamlines.map((beamline) => [beamline.id, beamline]));
  return Object.fromEntries(
    Object.entries(entry.beamlines).flatMap(([instrument, id]) => {
      const beamline = known.get(id);
      return beamline ? [[instrument, beamline]] : [];
    }),
  );
}

function limitsOf({ timeoutSeconds }: Icat | Scicat) {
  return { ...HTTP_LIMITS, timeoutMs: timeoutSeconds * 1000 };
}
