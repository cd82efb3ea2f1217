/**
 * How a transfer talks to the server: so many requests on their way at once, of so many bytes. What a transfer holds in memory is the
 * product. Measured in docs/decisions/0011.
 */
export const CHUNK_BYTES = 32 * 1024;
export const DEPTH = 32;
