/**
 * Guacamole status codes as guacd and guacamole-common-js know them. On the wire of the websocket they travel as the
 * close reason: the decimal number as text.
 */
export const GUACAMOLE_STATUS = {
  SUCCESS: 0x0000,
  UNSUPPORTED: 0x0100,
  SERVER_ERROR: 0x0200,
  SERVER_BUSY: 0x0201,
  UPSTREAM_TIMEOUT: 0x0202,
  UPSTREAM_ERROR: 0x0203,
  RESOURCE_NOT_FOUND: 0x0204,
  RESOURCE_CONFLICT: 0x0205,
  RESOURCE_CLOSED: 0x0206,
  UPSTREAM_NOT_FOUND: 0x0207,
  UPSTREAM_UNAVAILABLE: 0x0208,
  SESSION_CONFLICT: 0x0209,
  SESSION_TIMEOUT: 0x020a,
  SESSION_CLOSED: 0x020b,
  CLIENT_BAD_REQUEST: 0x0300,
  CLIENT_UNAUTHORIZED: 0x0301,
  CLIENT_FORBIDDEN: 0x0303,
  CLIENT_TIMEOUT: 0x0308,
  CLIENT_OVERRUN: 0x030d,
  CLIENT_BAD_TYPE: 0x030f,
  CLIENT_TOO_MANY: 0x031d,
} as const;

const CLOSE_CODES: ReadonlyMap<number, number> = new Map([
  [0x0000, 1000],
  ...[0x0100, 0x0200, 0x0202, 0x0203, 0x0207, 0x0208].map((status): [number, number] => [status, 1011]),
  ...[0x0201, 0x0205, 0x0209, 0x0301, 0x0303, 0x031d].map((status): [number, number] => [status, 1008]),
  ...[0x0204, 0x0206, 0x020a, 0x020b, 0x0300, 0x0308].map((status): [number, number] => [status, 1002]),
  [0x030d, 1009],
  [0x030f, 1003],
]);

/** The websocket close code that goes with a Guacamole status; 1011 for a status nobody listed. */
export function closeCodeOf(status: number): number {
  return CLOSE_CODES.get(status) ?? 1011;
}

/** Why a session ends: the status for the browser, a stable word for the log and the `closed` post. */
export interface Ending {
  readonly status: number;
  readonly reason: string;
}

/** Thrown where a browser or guacd breaks the protocol; the session ends with `ending`. */
export class ProtocolViolation extends Error {
  constructor(readonly ending: Ending) {
    super(ending.reason);
    this.name = 'ProtocolViolation';
  }
}

/** Shorthand for `new ProtocolViolation`. */
export function violation(status: number, reason: string): ProtocolViolation {
  return new ProtocolViolation({ status, reason });
}
