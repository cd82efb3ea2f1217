import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseClosed } from '@beamdesk/hypervisor';
import { z } from 'zod';
import { CatalogueSource, Config } from './config';
import { allProviders, missingProvider } from './identity-providers';
import { loadProviders } from './identity-providers-file';
import { mailSettings, parseFrom, parseSmtpUrl, readCa } from './mail-settings';
import { isLoopback, parseDatabaseUrl, parseListen, parsePublicUrl } from './parse-address';
import { readSecret, Secret } from './secret';

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

/** Names of hosts with commas between them; one that begins with a dot stands for all hosts below it. */
const hostList = z
  .string()
  .transform((value) => value.split(',').map((name) => name.trim().toLowerCase()))
  .pipe(z.array(z.string().regex(/^\.?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'must be names of hosts with commas between them')));

const settings = z.object({
  PUBLIC_URL: text.transform(by(parsePublicUrl)),
  API_LISTEN: text.transform(
    by((value) => {
      const address = parseListen(value);
      if (address.kind !== 'tcp') throw new Error('must be HOST:PORT');
      return address;
    }),
  ),
  METRICS_LISTEN: text
    .transform(
      by((value) => {
        const address = parseListen(value);
        if (address.kind !== 'tcp') throw new Error('must be HOST:PORT');
        return { host: address.host, port: address.port };
      }),
    )
    .optional(),
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
  MEMBERSHIP_MAX_AGE_MINUTES: z.coerce.number('must be a number').int('must be a whole number').min(0).default(4 * 60),
  MEMBERSHIP_CHECK_SECONDS: z.coerce.number('must be a number').int('must be a whole number').min(5).max(3600).default(180),
  MEMBERSHIP_GRACE_MINUTES: z.coerce.number('must be a number').int('must be a whole number').min(0).max(1440).default(10),
  IDLE_GRACE_MINUTES: z.coerce.number('must be a number').int('must be a whole number').min(1).max(1440).default(15),
  IDLE_CPU_PERCENT: z.coerce.number('must be a number').min(0.1).max(100).default(5),
  IMAGES_DIR: absolutePath,
  IMAGE_INTAKE_DIR: absolutePath.optional(),
  IMAGE_UPLOAD_LIMIT_MIB: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(1024 ** 2, 'must be at most 1048576')
    .default(100 * 1024),
  IMAGE_URL_HOSTS: hostList.default([]),
  IMAGE_URL_PRIVATE_HOSTS: hostList.default([]),
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
  OUTBOUND_PROGRAM: absolutePath.optional(),
  OUTBOUND_CLOSED: z.string().default('').transform(by(parseClosed)),
  TEMPLATES: z.enum(['on', 'off'], 'must be on or off').default('on'),
  FILES_LIMIT_MIB: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0, 'must be 0 or more')
    .max(1024 ** 2, 'must be at most 1048576')
    .default(20 * 1024),
  OIDC_ISSUER: z.url('must be a URL').optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET_FILE: secretFile().optional(),
  OIDC_LABEL: text.default('UmbrellaID'),
  IDENTITY_PROVIDERS_FILE: absolutePath.transform(by(loadProviders)).optional(),
  LOCAL_ACCOUNTS: z.enum(['on', 'off'], 'must be on or off').default('off'),
  LOCAL_ACCOUNTS_LABEL: text.max(60, 'must have at most 60 characters').default('a local account'),
  FIRST_ADMIN_FILE: absolutePath.optional(),
  DEMO: z.enum(['true', 'false'], 'must be true or false').default('false'),
  DEMO_PEOPLE_FILE: absolutePath.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SESSION_IDLE_MINUTES: minutes(4 * 60),
  SESSION_ABSOLUTE_MINUTES: minutes(24 * 60),
  TRUSTED_PROXIES: text.default('loopback'),
  SMTP_URL: text.transform(by(parseSmtpUrl)).optional(),
  SMTP_PASSWORD_FILE: secretFile().optional(),
  SMTP_CA_FILE: absolutePath.transform(by(readCa)).optional(),
  MAIL_FROM: text.transform(by(parseFrom)).optional(),
  MAIL_TEMPLATES_DIR: absolutePath.optional(),
});

/** Empty strings count as not set, as compose files write them. */
function withoutEmpty(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

/** A file with several faults has a line for each. */
function linesOf({ path, message }: z.core.$ZodIssue): string[] {
  return message.split('\n').map((line) => `${path[0]?.toString() ?? ''}: ${line}`);
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
  const given = withoutEmpty(env);
  const result = settings.safeParse(given);
  const problems = missingProvider(given);
  if (!result.success) throw new ConfigError([...result.error.issues.flatMap(linesOf), ...problems]);
  const s = result.data;
  const secure = s.PUBLIC_URL.protocol === 'https:';
  const loopback = isLoopback(s.PUBLIC_URL.hostname);
  if (!secure && !loopback) problems.push('PUBLIC_URL: must be https:// unless it names a loopback host');
  if (s.DEMO === 'true' && !loopback) {
    problems.push('DEMO: demo identities let anybody in, so they run only where PUBLIC_URL names a loopback host');
  }
  const identityProviders = allProviders(s, (line) => problems.push(line));
  const mail = mailSettings(s, (line) => problems.push(line));
  const catalogue = catalogueSource(s.CATALOGUE_FILE, s.CATALOGUES_FILE);
  if (!catalogue) problems.push('CATALOGUE_FILE: is not set, and neither is CATALOGUES_FILE');
  if (problems.length > 0 || !catalogue) throw new ConfigError(problems);
  return {
    publicUrl: s.PUBLIC_URL,
    secure,
    listen: { host: s.API_LISTEN.host, port: s.API_LISTEN.port },
    metricsListen: s.METRICS_LISTEN ?? null,
    internal: { listen: s.INTERNAL_LISTEN, secret: s.INTERNAL_SECRET_FILE },
    database: { ...s.DATABASE_URL, password: s.DATABASE_PASSWORD_FILE ?? null },
    dataDir: s.DATA_DIR,
    siteFile: s.SITE_FILE,
    catalogue,
    membershipMaxAgeMs: s.MEMBERSHIP_MAX_AGE_MINUTES * 60_000,
    membershipChecks: { everyMs: s.MEMBERSHIP_CHECK_SECONDS * 1000, graceMs: s.MEMBERSHIP_GRACE_MINUTES * 60_000 },
    idle: { graceMs: s.IDLE_GRACE_MINUTES * 60_000, cpuShare: s.IDLE_CPU_PERCENT / 100 },
    imagesDir: s.IMAGES_DIR,
    imageIntake: {
      dir: s.IMAGE_INTAKE_DIR ?? join(s.DATA_DIR, 'images/incoming'),
      uploadLimitBytes: s.IMAGE_UPLOAD_LIMIT_MIB * 1024 ** 2,
      urlHosts: [...new Set([...s.IMAGE_URL_HOSTS, ...s.IMAGE_URL_PRIVATE_HOSTS])],
      privateUrlHosts: s.IMAGE_URL_PRIVATE_HOSTS,
    },
    sessionSecret: s.SESSION_SECRET_FILE,
    consoleKey: s.CONSOLE_KEY_FILE,
    roles: new Set(s.ROLES),
    hostName: s.HOST_NAME,
    launcherSocket: s.LAUNCHER_SOCKET ?? null,
    accelerator: s.ACCELERATOR,
    outbound: { program: s.OUTBOUND_PROGRAM ?? null, closed: s.OUTBOUND_CLOSED },
    templates: s.TEMPLATES === 'on',
    filesLimitBytes: s.FILES_LIMIT_MIB * 1024 ** 2,
    identityProviders,
    directories: s.IDENTITY_PROVIDERS_FILE?.directories ?? [],
    localAccounts: s.LOCAL_ACCOUNTS === 'on' ? { label: s.LOCAL_ACCOUNTS_LABEL } : null,
    firstAdminFile: s.FIRST_ADMIN_FILE ?? null,
    demo: s.DEMO === 'true',
    demoPeopleFile: s.DEMO_PEOPLE_FILE ?? join(dirname(s.SITE_FILE), 'people.yaml'),
    logLevel: s.LOG_LEVEL,
    loginSession: { idleMs: s.SESSION_IDLE_MINUTES * 60_000, absoluteMs: s.SESSION_ABSOLUTE_MINUTES * 60_000 },
    trustedProxies: s.TRUSTED_PROXIES,
    mail,
  };
}
