import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CatalogueSource, Config } from './config';
import { isLoopback, parseDatabaseUrl, parseListen, parsePublicUrl } from './parse-address';
import { Secret } from './secret';

/** All mistakes of the settings at once, one line each. */
export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(`The settings of the api are not usable:\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Turns a throwing parser into a zod transform that reports the message under the setting's name. */
function by<T>(parse: (text: string) => T) {
  return (text: string, context: z.RefinementCtx<string>): T => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  };
}

const text = z.string('is not set').min(1, 'is empty');
const absolutePath = text.regex(/^\//, 'must be an absolute path');

function readSecret(path: string): string {
  let value: string;
  try {
    value = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new Error(`cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`, { cause: error });
  }
  if (value === '') throw new Error(`${path} is empty`);
  return value;
}

const secretFile = (minLength = 1) =>
  text.transform(
    by((path) => {
      const value = readSecret(path);
      if (value.length < minLength) throw new Error(`${path} must hold at least ${minLength} characters`);
      return new Secret(value);
    }),
  );

/** 32 bytes, raw or as 64 hexadecimal digits. */
function readKey(path: string): Secret<Buffer> {
  readSecret(path);
  const raw = readFileSync(path);
  const hex = raw.toString('latin1').trim();
  const key = /^[0-9a-f]{64}$/i.test(hex) ? Buffer.from(hex, 'hex') : raw;
  if (key.length !== 32) throw new Error(`${path} must hold 32 bytes (or 64 hexadecimal digits), has ${raw.length}`);
  return new Secret(key);
}

const minutes = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const settings = z.object({
  PUBLIC_URL: text.transform(by(parsePublicUrl)),
  API_LISTEN: text.transform(
    by((value) => {
      const address = parseListen(value);
      if (address.kind !== 'tcp') throw new Error('must be HOST:PORT');
      return address;
    }),
  ),
  INTERNAL_LISTEN: text.transform(
    by((value) => {
      const address = parseListen(value);
      if (address.kind === 'tcp' && !isLoopback(address.host)) throw new Error('must be a loopback address or unix:/path');
      return address;
    }),
  ),
  INTERNAL_SECRET_FILE: secretFile(16),
  DATABASE_URL: text.transform(by(parseDatabaseUrl)),
  DATABASE_PASSWORD_FILE: secretFile().optional(),
  DATA_DIR: absolutePath,
  SITE_FILE: absolutePath,
  CATALOGUE_FILE: absolutePath.optional(),
  CATALOGUES_FILE: absolutePath.optional(),
  IMAGES_DIR: absolutePath,
  SESSION_SECRET_FILE: secretFile(32),
  CONSOLE_KEY_FILE: text.transform(by(readKey)),
  ROLES: z
    .string()
    .default('web,worker')
    .transform((value) => value.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(['web', 'worker'], 'must be web, worker or web,worker')).min(1)),
  HOST_NAME: text.default('local'),
  LAUNCHER_SOCKET: absolutePath.optional(),
  ACCELERATOR: z.enum(['auto', 'kvm', 'tcg'], 'must be auto, kvm or tcg').default('auto'),
  TEMPLATES: z.enum(['on', 'off'], 'must be on or off').default('on'),
  FILES_LIMIT_MIB: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(1024 ** 2, 'must be at most 1048576')
    .default(20 * 1024),
  OIDC_ISSUER: z.url('must be a URL'),
  OIDC_CLIENT_ID: text,
  OIDC_CLIENT_SECRET_FILE: secretFile(),
  OIDC_LABEL: text.default('UmbrellaID'),
  DEMO: z.enum(['true', 'false'], 'must be true or false').default('false'),
  DEMO_PEOPLE_FILE: absolutePath.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SESSION_IDLE_MINUTES: minutes(4 * 60),
  SESSION_ABSOLUTE_MINUTES: minutes(24 * 60),
  TRUSTED_PROXIES: text.default('loopback'),
});

/** Empty strings count as not set, as compose files write them. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** The file that names catalogues counts before the one that is a catalogue. */
function catalogueSource(one: string | undefined, several: string | undefined): CatalogueSource | null {
  if (several !== undefined) return { source: 'several', file: several };
  return one === undefined ? null : { source: 'one', file: one };
}

/**
 * Reads every setting (and the files that hold secrets) once.
 * @throws ConfigError with one line per mistake
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const result = settings.safeParse(withoutEmpty(env));
  if (!result.success) {
    throw new ConfigError(result.error.issues.map((issue) => `${issue.path[0]?.toString() ?? ''}: ${issue.message}`));
  }
  const s = result.data;
  const problems: string[] = [];
  const secure = s.PUBLIC_URL.protocol === 'https:';
  const loopback = isLoopback(s.PUBLIC_URL.hostname);
  if (!secure && !loopback) problems.push('PUBLIC_URL: must be https:// unless it names a loopback host');
  if (s.DEMO === 'true' && !loopback) {
    problems.push('DEMO: demo identities let anybody in, so they run only where PUBLIC_URL names a loopback host');
  }
  const issuer = new URL(s.OIDC_ISSUER);
  if (issuer.protocol !== 'https:' && !isLoopback(issuer.hostname)) {
    problems.push('OIDC_ISSUER: must be https:// unless it names a loopback host');
  }
  const catalogue = catalogueSource(s.CATALOGUE_FILE, s.CATALOGUES_FILE);
  if (!catalogue) problems.push('CATALOGUE_FILE: is not set, and neither is CATALOGUES_FILE');
  if (problems.length > 0 || !catalogue) throw new ConfigError(problems);
  return {
    publicUrl: s.PUBLIC_URL,
    secure,
    listen: { host: s.API_LISTEN.host, port: s.API_LISTEN.port },
    internal: { listen: s.INTERNAL_LISTEN, secret: s.INTERNAL_SECRET_FILE },
    database: { ...s.DATABASE_URL, password: s.DATABASE_PASSWORD_FILE ?? null },
    dataDir: s.DATA_DIR,
    siteFile: s.SITE_FILE,
    catalogue,
    imagesDir: s.IMAGES_DIR,
    sessionSecret: s.SESSION_SECRET_FILE,
    consoleKey: s.CONSOLE_KEY_FILE,
    roles: new Set(s.ROLES),
    hostName: s.HOST_NAME,
    launcherSocket: s.LAUNCHER_SOCKET ?? null,
    accelerator: s.ACCELERATOR,
    templates: s.TEMPLATES === 'on',
    filesLimitBytes: s.FILES_LIMIT_MIB * 1024 ** 2,
    oidc: { issuer: s.OIDC_ISSUER, clientId: s.OIDC_CLIENT_ID, clientSecret: s.OIDC_CLIENT_SECRET_FILE, label: s.OIDC_LABEL },
    demo: s.DEMO === 'true',
    demoPeopleFile: s.DEMO_PEOPLE_FILE ?? join(dirname(s.SITE_FILE), 'people.yaml'),
    logLevel: s.LOG_LEVEL,
    loginSession: { idleMs: s.SESSION_IDLE_MINUTES * 60_000, absoluteMs: s.SESSION_ABSOLUTE_MINUTES * 60_000 },
    trustedProxies: s.TRUSTED_PROXIES,
  };
}
