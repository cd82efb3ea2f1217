import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What authorisations rest on, requests for one, and the audit: what happened to whom by whose hand, which stays as it is
 * written.
 */
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

      -- One role may rest on several things, and goes with the last of them.
      ALTER TABLE authorisation
        ADD source text NOT NULL DEFAULT 'decision',
        ADD beamlines text[],
        ADD taken_back_by uuid,
        DROP CONSTRAINT authorisation_user_id_role_key,
        ADD UNIQUE (user_id, role, source),
        ADD CONSTRAINT authorisation_source CHECK ("source" IN ('catalogue','invitation','decision'));

      CREATE TABLE authorisation_request (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        state text NOT NULL DEFAULT 'open',
        asked_at timestamptz NOT NULL DEFAULT now(),
        affiliation text NOT NULL,
        reason text NOT NULL,
        proposal text,
        beamline text,
        decided_at timestamptz,
        decided_by uuid REFERENCES user_account ON DELETE SET NULL,
        answer text,
        CONSTRAINT authorisation_request_state CHECK ("state" IN ('open','granted','refused','withdrawn'))
      );
      -- One open request of each person, however many tabs they ask in.
      CREATE UNIQUE INDEX authorisation_request_user_id_idx ON authorisation_request (user_id) WHERE state = 'open';
      CREATE INDEX authorisation_request_state_asked_at_idx ON authorisation_request (state, asked_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE authorisation_request, audit_entry;
      DROP FUNCTION audit_entry_stays;
      DELETE FROM authorisation a USING authorisation b
        WHERE a.user_id = b.user_id AND a.role = b.role AND a.source > b.source;
      ALTER TABLE authorisation DROP source, DROP beamlines, DROP taken_back_by, ADD UNIQUE (user_id, role);
    `);
  }
}
