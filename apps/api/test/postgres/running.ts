import { EmbeddedPostgres } from './embedded-postgres';

const key = Symbol.for('beamdesk.test.postgres');
const shared = globalThis as { [key]?: { postgres: EmbeddedPostgres | null } };

/** What global set-up hands to global tear-down: jest loads the two apart, so it hangs on the process. */
export const running: { postgres: EmbeddedPostgres | null } = (shared[key] ??= { postgres: null });
