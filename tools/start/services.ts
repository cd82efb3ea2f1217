import { dirname, join } from 'node:path';
import { guacdAnswers, guacdCommand, guacdEnvironment } from '../guacd/find-guacd.ts';
import type { Guacd } from '../guacd/find-guacd.ts';
import { answers, serverCommand, serverEnvironment } from '../postgres/cluster.ts';
import { confined } from './confined.ts';
import type { Database } from './database.ts';
import { uidBase, uidOf } from './ids.ts';
import type { Principal } from './ids.ts';
import type { Layout } from './layout.ts';
import { connects, httpAnswers, logHolds } from './probes.ts';
import type { Ports } from './ports.ts';
import { secretFile } from './secrets.ts';
import type { SecretName } from './secrets.ts';
import type { ServiceSpec } from './service.ts';
import { HOST, siteFolders } from './site.ts';
import type { Site } from './site.ts';
import { BUILT } from './workspace-build.ts';

/** All that the services of one start are made of. */
export interface House {
  checkout: string;
  layout: Layout;
  port: number;
  ports: Ports;
  database: Database;
  guacd: Guacd;
  site: Site;
  /** Settings of the person who started us that a service may be given. */
  env: NodeJS.ProcessEnv;
}

const CLIENT_ID = 'beamdesk';
const PATH = '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export const publicUrl = (port: number): string => `http://localhost:${port}`;
export const launcherSocket = (layout: Layout): string => join(layout.run, 'launcher/launcher.sock');
const internalSocket = (layout: Layout) => join(layout.run, 'internal/api.sock');
const node = (checkout: string) => join(checkout, 'node_modules/.bin/node');

export function postgresService(house: House): ServiceSpec | null {
  const { cluster } = house.database;
  if (!cluster) return null;
  return {
    name: 'postgres',
    command: serverCommand(cluster),
    env: serverEnvironment(),
    answers: () => answers(cluster),
    stopSignal: 'SIGINT',
    stopWithinMs: 20_000,
  };
}

export function guacdService({ layout, ports, guacd }: House): ServiceSpec | null {
  if (guacd.kind === 'running') return null;
  const home = join(layout.run, 'guacd');
  let worked = false;
  return {
    name: 'guacd',
    command: guacdCommand(guacd, { port: ports.guacd, uid: uidOf('guacd'), home }),
    env: guacdEnvironment(guacd, home),
    // A full question costs guacd a process, so only the first one is.
    answers: async () => {
      if (worked) return connects(ports.guacd);
      return (worked = await guacdAnswers('127.0.0.1', ports.guacd));
    },
  };
}

/** The one process that keeps root, when it was root that started us; else the api starts machines itself. */
export function launcherService({ checkout, layout, site, env }: House): ServiceSpec | null {
  const [api, machines, outbound] = [uidOf('api'), uidOf('machines'), uidOf('outbound')];
  if (api === null || machines === null || outbound === null) return null;
  return {
    name: 'launcher',
    command: ['setpriv', '--pdeathsig', 'KILL', '--', node(checkout), join(checkout, BUILT.launcher)],
    env: {
      PATH,
      LAUNCHER_SOCKET: launcherSocket(layout),
      LAUNCHER_MACHINES_DIR: layout.machines,
      LAUNCHER_TEMPLATES_DIR: layout.templates,
      LAUNCHER_SCRATCH_DIR: layout.scratch,
      ...(site.homeRoot === null ? {} : { LAUNCHER_HOME_DIR: site.homeRoot }),
      LAUNCHER_IMAGE_ROOTS: layout.images,
      LAUNCHER_DATA_ROOTS: site.dataRoots.join(':'),
      ...(site.nfsServers.length > 0 ? { LAUNCHER_NFS_SERVERS: site.nfsServers.join(',') } : {}),
      LAUNCHER_CONFINE: join(checkout, 'tools/confine.sh'),
      LAUNCHER_CLIENT_GID: String(api),
      LAUNCHER_RUN_AS: `${machines}:${machines}`,
      LAUNCHER_ALLOWED_IDS: env['BEAMDESK_ALLOWED_IDS'] || String(machines),
      LAUNCHER_OUTBOUND_RUN_AS: `${outbound}:${outbound}`,
      LAUNCHER_OUTBOUND_CLOSED: env['OUTBOUND_CLOSED'] || '',
      LAUNCHER_GPUS: site.gpus.join(','),
      LAUNCHER_ACCELERATOR: env['ACCELERATOR'] || 'auto',
    },
    answers: logHolds(layout, 'launcher', 'machine launcher ready'),
  };
}

export function identitiesService(house: House): ServiceSpec {
  const { checkout, layout, port, ports, site } = house;
  const state = join(layout.run, 'identities');
  return nodeService(house, 'identities', join(checkout, 'tools/demo-identities.ts'), {
    ro: [join(checkout, 'tools'), ...siteFolders(site)],
    rw: [state],
    secrets: ['oidc-client-secret'],
    env: {
      OIDC_LISTEN: `127.0.0.1:${ports.identities}`,
      PUBLIC_URL: publicUrl(port),
      OIDC_CLIENT_ID: CLIENT_ID,
      OIDC_CLIENT_SECRET_FILE: secretFile(layout.secrets, 'identities', 'oidc-client-secret'),
      OIDC_KEYS_FILE: join(state, 'oidc-keys.json'),
      DEMO_PEOPLE_FILE: site.peopleFile,
    },
    answers: () => httpAnswers(ports.identities, '/oidc/.well-known/openid-configuration', port),
  });
}

export function apiService(house: House): ServiceSpec {
  const { checkout, layout, port, ports, database, site, env } = house;
  const own = (name: SecretName) => secretFile(layout.secrets, 'api', name);
  const launched = uidOf('api') !== null;
  return nodeService(house, 'api', join(checkout, BUILT.api), {
    ro: [
      ...siteFolders(site),
      ...(site.providersFile === null ? [] : [dirname(site.providersFile)]),
      layout.images,
      ...site.dataRoots,
      ...(launched ? [layout.machines, layout.templates, layout.scratch, join(layout.run, 'launcher')] : []),
      ...(launched && site.homeRoot !== null ? [site.homeRoot] : []),
      ...(database.passwordFile ? [database.passwordFile] : []),
    ],
    rw: [join(layout.run, 'internal'), join(layout.images, 'store'), join(layout.images, 'uploads')],
    secrets: ['internal-secret', 'session-secret', 'console-key', 'oidc-client-secret'],
    env: {
      PUBLIC_URL: publicUrl(port),
      API_LISTEN: `127.0.0.1:${ports.api}`,
      INTERNAL_LISTEN: `unix:${internalSocket(layout)}`,
      INTERNAL_SECRET_FILE: own('internal-secret'),
      DATABASE_URL: database.url,
      DATABASE_PASSWORD_FILE: database.passwordFile ?? '',
      DATA_DIR: layout.data,
      SITE_FILE: site.file,
      CATALOGUE_FILE: site.catalogueFile,
      CATALOGUES_FILE: site.cataloguesFile ?? '',
      IDENTITY_PROVIDERS_FILE: site.providersFile ?? '',
      LOCAL_ACCOUNTS: env['LOCAL_ACCOUNTS'] || 'off',
      LOCAL_ACCOUNTS_LABEL: env['LOCAL_ACCOUNTS_LABEL'] || '',
      NODE_EXTRA_CA_CERTS: env['NODE_EXTRA_CA_CERTS'] || '',
      DEMO_PEOPLE_FILE: site.peopleFile,
      SESSION_SECRET_FILE: own('session-secret'),
      CONSOLE_KEY_FILE: own('console-key'),
      ROLES: 'web,worker',
      HOST_NAME: HOST,
      ...(launched ? { LAUNCHER_SOCKET: launcherSocket(layout) } : { OUTBOUND_PROGRAM: join(checkout, BUILT.outbound) }),
      OUTBOUND_CLOSED: env['OUTBOUND_CLOSED'] || '',
      IMAGES_DIR: layout.images,
      ACCELERATOR: env['ACCELERATOR'] || 'auto',
      TEMPLATES: env['TEMPLATES'] || 'on',
      ...(env['FILES_LIMIT_MIB'] ? { FILES_LIMIT_MIB: env['FILES_LIMIT_MIB'] } : {}),
      ...(env['IMAGE_UPLOAD_LIMIT_MIB'] ? { IMAGE_UPLOAD_LIMIT_MIB: env['IMAGE_UPLOAD_LIMIT_MIB'] } : {}),
      IMAGE_URL_HOSTS: env['IMAGE_URL_HOSTS'] || '',
      IMAGE_URL_PRIVATE_HOSTS: env['IMAGE_URL_PRIVATE_HOSTS'] || '',
      SMTP_URL: env['SMTP_URL'] || '',
      MAIL_FROM: env['MAIL_FROM'] || '',
      MEMBERSHIP_MAX_AGE_MINUTES: env['MEMBERSHIP_MAX_AGE_MINUTES'] || '240',
      MEMBERSHIP_CHECK_SECONDS: env['MEMBERSHIP_CHECK_SECONDS'] || '180',
      MEMBERSHIP_GRACE_MINUTES: env['MEMBERSHIP_GRACE_MINUTES'] || '10',
      IDLE_GRACE_MINUTES: env['IDLE_GRACE_MINUTES'] || '',
      IDLE_CPU_PERCENT: env['IDLE_CPU_PERCENT'] || '',
      METRICS_LISTEN: env['METRICS_LISTEN'] || '',
      OIDC_ISSUER: `${publicUrl(port)}/oidc`,
      OIDC_CLIENT_ID: CLIENT_ID,
      OIDC_CLIENT_SECRET_FILE: own('oidc-client-secret'),
      OIDC_LABEL: 'UmbrellaID (demo)',
      DEMO: 'true',
    },
    answers: () => httpAnswers(ports.api, '/api/health', port),
  });
}

export function bridgeService(house: House): ServiceSpec {
  const { checkout, layout, port, ports, guacd } = house;
  return nodeService(house, 'bridge', join(checkout, BUILT.bridge), {
    ro: [join(layout.run, 'internal')],
    secrets: ['internal-secret'],
    env: {
      BRIDGE_LISTEN: `127.0.0.1:${ports.bridge}`,
      PUBLIC_URL: publicUrl(port),
      INTERNAL_URL: `unix:${internalSocket(layout)}`,
      INTERNAL_SECRET_FILE: secretFile(layout.secrets, 'bridge', 'internal-secret'),
      GUACD: guacd.kind === 'running' ? guacd.address : `127.0.0.1:${ports.guacd}`,
    },
    answers: () => connects(ports.bridge),
  });
}

export function frontService(house: House): ServiceSpec {
  const { checkout, port, ports } = house;
  return nodeService(house, 'front', join(checkout, 'tools/front.ts'), {
    ro: [join(checkout, 'tools')],
    secrets: [],
    env: {
      FRONT_LISTEN: `127.0.0.1:${port},[::1]:${port}`,
      PUBLIC_URL: publicUrl(port),
      STATIC_DIR: join(checkout, 'dist/apps/portal-web/browser'),
      API: `127.0.0.1:${ports.api}`,
      BRIDGE: `127.0.0.1:${ports.bridge}`,
      IDENTITIES: `127.0.0.1:${ports.identities}`,
    },
    answers: () => httpAnswers(port, '/favicon.svg', port),
  });
}

interface NodeProgram {
  ro: string[];
  rw?: string[];
  secrets: SecretName[];
  env: NodeJS.ProcessEnv;
  answers: () => Promise<boolean>;
}

/** A program of ours on the pinned Node, as its own user, with its folders, its secrets and its settings alone. */
function nodeService(house: House, principal: Principal, file: string, program: NodeProgram): ServiceSpec {
  const { checkout, layout, env } = house;
  const secrets = program.secrets.map((name) => secretFile(layout.secrets, principal, name));
  return {
    name: principal,
    command: confined(
      {
        uid: uidOf(principal),
        ro: [join(checkout, 'node_modules'), join(checkout, 'dist'), ...program.ro, ...secrets],
        rw: program.rw,
        dieWithParent: true,
      },
      [node(checkout), file],
    ),
    env: {
      PATH,
      HOME: '/tmp',
      NODE_ENV: 'production',
      LOG_LEVEL: env['LOG_LEVEL'] || 'info',
      BEAMDESK_UID_BASE: String(uidBase(env)),
      ...program.env,
    },
    answers: program.answers,
  };
}
