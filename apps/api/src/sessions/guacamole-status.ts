/** The Guacamole statuses this api answers the bridge with; numbers of the Guacamole protocol, sent as decimals. */
export const STATUS = {
  SERVER_ERROR: 0x0200,
  SERVER_BUSY: 0x0201,
  UPSTREAM_UNAVAILABLE: 0x0208,
  SESSION_TIMEOUT: 0x020a,
  SESSION_CLOSED: 0x020b,
  CLIENT_UNAUTHORIZED: 0x0301,
  CLIENT_FORBIDDEN: 0x0303,
} as const;
