import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations, and why a role was taken back. */
export class Invitations1790000000010 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE authorisation ADD end_reason text;

      CREATE TABLE invitation (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        code_hash text NOT NULL UNIQUE,
        name text NOT NULL,
        email text,
        role text NOT NULL,
        beamlines text[],
        until timestamptz,
        redeem_by timestamptz NOT NULL,
        reason text NOT NULL,
        made_at timestamptz NOT NULL DEFAULT now(),
        made_by uuid REFERENCES user_account ON DELETE SET NULL,
        used_at timestamptz,
        used_by uuid REFERENCES user_account ON DELETE SET NULL,
        withdrawn_at timestamptz,
        withdrawn_by uuid REFERENCES user_account ON DELETE SET NULL,
        CONSTRAINT invitation_one_end CHECK ("used_at" IS NULL OR "withdrawn_at" IS NULL)
      );
      CREATE INDEX invitation_made_by_idx ON invitation (made_by);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE invitation;
      ALTER TABLE authorisation DROP end_reason;
    `);
  }
}
