import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Where this process listens or connects: TCP only. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where the internal api is: a unix socket or loopback TCP. */
export type InternalAddress = { readonly socketPath: string } | Address;

/** Every setting of the bridge, read once at start. */
export interface Settings {
  readonly listen: Address;
  /** The only origin whose pages may open a session. */
  readonly origin: string;
  readonly internal: InternalAddress;
  readonly internalSecret: string;
  /** The guacds that sessions are spread over; at least one. */
  readonly guacds: readonly Address[];
  /** Where `/metrics` answers instead of on `listen`; null for the latter. */
  readonly metricsListen: Address | null;
  readonly maxSessions: number;
  readonly logLevel: string;
}

const MIN_SECRET = 16;

const address = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}$/, 'must be HOST:PORT')
  .transform((text) => {
    const colon = text.lastIndexOf(':');
    return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
  })
  .refine(({ port }) => port <= 65_535, 'has a port above 65535');

const internalUrl = z.union([
  z.templateLiteral(['unix:/', z.string().min(1)]).transform((text) => ({ socketPath: text.slice('unix:'.length) })),
  z
    .string()
    .regex(/^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d{1,5}\/?$/, 'must be unix:/PATH or http://127.0.0.1:PORT')
    .transform((text) => {
      const { hostname, port } = new URL(text);
      return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
    }),
]);

const environment = z.object({
  BRIDGE_LISTEN: address,
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .transform((url) => new URL(url).origin),
  INTERNAL_URL: internalUrl,
  INTERNAL_SECRET_FILE: z.string().min(1),
  GUACD: z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .pipe(z.array(address).min(1)),
  METRICS_LISTEN: address.optional(),
  MAX_SESSIONS: z.coerce.number().int().min(1).max(100_000).default(5000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

/** Thrown for settings that cannot work; the message names the setting and is one line. */
export class SettingsError extends Error {}

/**
 * Reads the settings from `env` (names as in the operations reference).
 * Throws SettingsError for the first setting that is missing or wrong; never shows a secret.
 */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue.path[0]);
    throw new SettingsError(env[name] === undefined ? `${name} is not set` : `${name}: ${issue.message}`);
  }
  const { data } = parsed;
  return {
    listen: data.BRIDGE_LISTEN,
    origin: data.PUBLIC_URL,
    internal: data.INTERNAL_URL,
    internalSecret: readSecret(data.INTERNAL_SECRET_FILE),
    guacds: data.GUACD,
    metricsListen: data.METRICS_LISTEN ?? null,
    maxSessions: data.MAX_SESSIONS,
    logLevel: data.LOG_LEVEL,
  };
}

function readSecret(file: string): string {
  let secret: string;
  try {
    secret = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new SettingsError(`INTERNAL_SECRET_FILE: cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (secret.length < MIN_SECRET || !/^[\x21-\x7e]+$/.test(secret)) {
    throw new SettingsError(`INTERNAL_SECRET_FILE: ${file} must hold at least ${MIN_SECRET} printable characters`);
  }
  return secret;
}
