import type { OidcSettings } from './identity-provider';
import type { DirectorySettings } from './ldap/directory-settings';
import type { MailSettings } from './mail-settings';
import { Secret } from './secret';

export type Role = 'web' | 'worker';

/** Where a server listens: a TCP address or a unix socket. */
export type ListenAddress = { kind: 'tcp'; host: string; port: number } | { kind: 'unix'; path: string };

export interface DatabaseSettings {
  host: string;
  port: number;
  user: string;
  database: string;
  ssl: boolean;
  password: Secret | null;
}

/** One catalogue that is a file itself, or the file that names the site's catalogues. */
export type CatalogueSource = { source: 'one' | 'several'; file: string };

/** From where facility admins may take images in. */
export interface ImageIntakeSettings {
  /** Folder of files that administrators of the server put there. */
  dir: string;
  /** Of one upload; 0: none are taken. */
  uploadLimitBytes: number;
  /** Hosts that addresses may name; empty: nothing is fetched. */
  urlHosts: readonly string[];
  /** Of these alone addresses that are not public are allowed as well, and plain http. */
  privateUrlHosts: readonly string[];
}

/** Every setting of the api, parsed once at boot by `loadConfig`; also the Nest token it is injected by. */
export abstract class Config {
  /** The one place that decides callbacks, cookie flags and the Host and Origin we accept. No path, no trailing slash. */
  abstract readonly publicUrl: URL;
  /** PUBLIC_URL is https: cookies are `Secure` and carry the `__Host-` prefix. */
  abstract readonly secure: boolean;
  abstract readonly listen: { host: string; port: number };
  /** Where `/metrics`, `/health` and `/ready` answer to operators alone; null: nowhere. */
  abstract readonly metricsListen: { host: string; port: number } | null;
  abstract readonly internal: { listen: ListenAddress; secret: Secret };
  abstract readonly database: DatabaseSettings;
  abstract readonly dataDir: string;
  /** Site description (YAML): images, flavours, plans, beamlines, hosts, quotas, path rules, conditions, facility. */
  abstract readonly siteFile: string;
  abstract readonly catalogue: CatalogueSource;
  /** While a catalogue does not answer: how old a membership it confirmed may be for a desktop to be launched or opened. */
  abstract readonly membershipMaxAgeMs: number;
  /** How often the worker asks whether owners of running desktops are still members, and how long a desktop goes on without. */
  abstract readonly membershipChecks: { everyMs: number; graceMs: number };
  /** Desktops that nobody uses: from the warning to the stop, and what share of one processor is no use yet. */
  abstract readonly idle: { graceMs: number; cpuShare: number };
  abstract readonly imagesDir: string;
  /** How images are taken in beside those of the site file. */
  abstract readonly imageIntake: ImageIntakeSettings;
  abstract readonly sessionSecret: Secret;
  /** 32 bytes: AES-256-GCM of console passwords in the database. */
  abstract readonly consoleKey: Secret<Buffer>;
  abstract readonly roles: ReadonlySet<Role>;
  /** Name of the host row this worker serves. */
  abstract readonly hostName: string;
  /** Unix socket of the machine launcher; null: machines are started by this process itself. */
  abstract readonly launcherSocket: string | null;
  abstract readonly accelerator: 'auto' | 'kvm' | 'tcg';
  /** What leads desktops out where no machine launcher does; its program (null: nothing does), and the IPv4 ranges closed to them. */
  abstract readonly outbound: { program: string | null; closed: string[] };
  /** Desktops are copies of prepared ones where that is possible; false: every one boots. */
  abstract readonly templates: boolean;
  /** Largest file that may be sent to a desktop, bytes; 0: no files are exchanged with desktops at all. */
  abstract readonly filesLimitBytes: number;
  /** Where people sign in; ids and issuers occur once. The one of the settings `OIDC_…` comes first. */
  abstract readonly identityProviders: readonly OidcSettings[];
  /** LDAP directories people sign in with, by name and password; their ids are none of the providers'. */
  abstract readonly directories: readonly DirectorySettings[];
  /** Accounts in our own database may sign in; null: they may not. */
  abstract readonly localAccounts: { label: string } | null;
  /** Where the one-time link for the first administrator is written while there is none; null: nowhere. */
  abstract readonly firstAdminFile: string | null;
  abstract readonly demo: boolean;
  /** Who the demo identities are; read only when `demo`. */
  abstract readonly demoPeopleFile: string;
  abstract readonly logLevel: string;
  /** A login session ends after this long without a request, and in any case `absoluteMs` after the sign-in. */
  abstract readonly loginSession: { idleMs: number; absoluteMs: number };
  /** Whose `X-Forwarded-For` is believed when sign-ins are counted per address (express `trust proxy`). */
  abstract readonly trustedProxies: string;
  /** Where mails go out; null: the portal sends none. */
  abstract readonly mail: MailSettings | null;
}
