import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened to whom by whose hand; what is written there stays as it is. */
export class Authorisation1790000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- No foreign keys: an entry outlives the account it is about.
      CREATE TABLE audit_entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        kind text NOT NULL,
        actor_id uuid,
        subject_id uuid,
        details jsonb NOT NULL DEFAULT '{}'
      );
      CREATE INDEX audit_entry_kind_id_idx ON audit_entry (kind, id);
      CREATE INDEX audit_entry_actor_id_id_idx ON audit_entry (actor_id, id);
      CREATE INDEX audit_entry_subject_id_id_idx ON audit_entry (subject_id, id);

      CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit_entry is append-only: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entry; DROP FUNCTION audit_entry_stays');
  }
}
