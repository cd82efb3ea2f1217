import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People's own sessions at catalogues, and restores that are under way. */
export class CatalogueSessions1790000000011 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE catalogue_session (
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        catalogue text NOT NULL,
        account text NOT NULL,
        sealed bytea NOT NULL,
        ends_at timestamptz NOT NULL,
        refresh_at timestamptz NOT NULL,
        opened_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, catalogue)
      );
      CREATE INDEX catalogue_session_refresh_at_idx ON catalogue_session (refresh_at);

      CREATE TABLE followed_restore (
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        proposal_key text NOT NULL,
        request_id text NOT NULL,
        datasets text[] NOT NULL,
        state text NOT NULL,
        ask_at timestamptz,
        wait_seconds integer NOT NULL,
        changed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, proposal_key, request_id)
      );
      CREATE INDEX followed_restore_ask_at_idx ON followed_restore (ask_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE followed_restore, catalogue_session');
  }
}
