import { z } from 'zod';

/**
 * The internal api between bridge and api: a unix socket (or loopback TCP), every request with
 * `Authorization: Bearer <internal secret>`. No browser reaches it; console secrets travel only here.
 *
 * `POST /internal/tickets/redeem` takes this and answers 200 with a RedeemAnswer, also when it refuses.
 */
export const redeemRequest = z.strictObject({
  ticket: z.string().min(1).max(200),
  /** The browser's Cookie header as it came, so that the login session is checked too. */
  cookie: z.string().max(16_384),
  origin: z.string().max(2048),
  /** Which bridge process asks; chosen by it at start. */
  bridge: z.string().min(1).max(100),
});
export type RedeemRequest = z.infer<typeof redeemRequest>;

const guacdAddress = z.object({ host: z.string(), port: z.int().min(1).max(65_535) });
export type GuacdAddress = z.infer<typeof guacdAddress>;

/** A machine's console as guacd and the bridge reach it. */
const consoleAddress = z.object({
  protocol: z.enum(['vnc', 'rdp']),
  host: z.string(),
  port: z.int().min(1).max(65_535),
  /** guacd arguments by name beside host and port (password, colour depth …). */
  parameters: z.record(z.string(), z.string()),
});

export const redeemAnswer = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('connect'),
    sessionId: z.uuid(),
    readOnly: z.boolean(),
    /** Name shown by guacd to other members; ASCII. */
    userName: z.string(),
    /** Of the launch of this desktop; for the bridge's log. */
    requestId: z.string().optional(),
    ...consoleAddress.shape,
  }),
  z.object({
    action: z.literal('join'),
    sessionId: z.uuid(),
    readOnly: z.boolean(),
    userName: z.string(),
    requestId: z.string().optional(),
    guacd: guacdAddress,
    connectionId: z.string(),
    /** For members who may type: what the bridge reads the guest's clipboard from. */
    console: consoleAddress.optional(),
  }),
  /** `status` is a Guacamole status (decimal), see guacamole-status.ts of the bridge; `code` a stable word for the log. */
  z.object({ action: z.literal('refuse'), status: z.int(), code: z.string(), message: z.string() }),
]);
export type RedeemAnswer = z.infer<typeof redeemAnswer>;

/** `POST /internal/sessions/:id/opened`: guacd said `ready`; later members join this connection. */
export const sessionOpened = z.strictObject({ guacd: guacdAddress, connectionId: z.string().min(1).max(100) });
export type SessionOpened = z.infer<typeof sessionOpened>;

/** `POST /internal/sessions/:id/renewal`, every 15 s. Totals since the session began. */
export const renewalRequest = z.strictObject({
  bytesToClient: z.int().nonnegative(),
  bytesFromClient: z.int().nonnegative(),
  lastInputAt: z.iso.datetime().nullable(),
});
export type RenewalRequest = z.infer<typeof renewalRequest>;

export const renewalAnswer = z.discriminatedUnion('continue', [
  z.object({ continue: z.literal(true) }),
  z.object({ continue: z.literal(false), status: z.int(), code: z.string() }),
]);
export type RenewalAnswer = z.infer<typeof renewalAnswer>;

/**
 * `POST /internal/sessions/:id/closed`. With the reason `CONNECTION_GONE` guacd did not know the connection to be joined
 * (its bridge was killed, so nobody closed it): every session of that connection is over, and the next ticket has to
 * `connect`. The figures are those of a renewal: the last ones, up to the end.
 */
export const sessionClosed = z.strictObject({
  ...renewalRequest.shape,
  lastInputAt: renewalRequest.shape.lastInputAt.default(null),
  reason: z.string().max(100),
});
export type SessionClosed = z.infer<typeof sessionClosed>;

/**
 * `GET /internal/closings?bridge=<name>`: an endless NDJSON answer with one line for each session of this bridge that has to
 * end now (sign-out, Stop, expiry, lost right), so that nobody waits for the next renewal; an empty line every 10 s. A lost
 * stream loses nothing: the next renewal says the same.
 */
export const sessionClosing = z.object({ sessionId: z.uuid(), status: z.int(), code: z.string() });
export type SessionClosing = z.infer<typeof sessionClosing>;
