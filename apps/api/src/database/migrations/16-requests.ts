import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests for more quota or a longer life, extensions of a life, and mails on their way out. */
export class Requests1790000000016 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE quota_request (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        kind text NOT NULL,
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        subject text NOT NULL,
        proposal_key text,
        proposal_name text,
        instance_id uuid REFERENCES instance ON DELETE SET NULL,
        beamlines text[] NOT NULL,
        wanted jsonb,
        wanted_until timestamptz NOT NULL,
        reason text NOT NULL,
        state text NOT NULL DEFAULT 'OPEN',
        asked_at timestamptz NOT NULL DEFAULT now(),
        decided_at timestamptz,
        decided_by uuid REFERENCES user_account ON DELETE SET NULL,
        answer text,
        granted jsonb,
        granted_until timestamptz,
        CONSTRAINT quota_request_kind CHECK ("kind" IN ('QUOTA','LIFE')),
        CONSTRAINT quota_request_state CHECK ("state" IN ('OPEN','GRANTED','REFUSED','WITHDRAWN'))
      );
      CREATE UNIQUE INDEX quota_request_one_open ON quota_request (user_id, kind, subject) WHERE "state" = 'OPEN';
      CREATE INDEX quota_request_state_asked_at_idx ON quota_request (state, asked_at);

      ALTER TABLE instance ADD extensions_used integer NOT NULL DEFAULT 0, ADD ending_mailed_for timestamptz;

      CREATE TABLE mail (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        template text NOT NULL,
        user_id uuid REFERENCES user_account ON DELETE CASCADE,
        to_name text,
        to_address text,
        subject text,
        body text,
        state text NOT NULL DEFAULT 'WAITING',
        tries integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        queued_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        CONSTRAINT mail_state CHECK ("state" IN ('WAITING','SENT','GIVEN_UP'))
      );
      CREATE INDEX mail_due_at_idx ON mail (due_at) WHERE "state" = 'WAITING';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE mail');
    await db.query('ALTER TABLE instance DROP ending_mailed_for, DROP extensions_used');
    await db.query('DROP TABLE quota_request');
  }
}
