import { MigrationInterface, QueryRunner } from 'typeorm';

/** Who may come in: people, their logins at providers, what they are authorised for, and their login sessions. */
export class Identity1790000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE installation (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        created_at timestamptz NOT NULL DEFAULT now()
      );
      INSERT INTO installation DEFAULT VALUES;

      CREATE TABLE user_account (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        email text,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_sign_in_at timestamptz
      );

      CREATE TABLE identity (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        issuer text NOT NULL,
        subject text NOT NULL,
        UNIQUE (issuer, subject)
      );
      CREATE INDEX identity_user_id_idx ON identity (user_id);

      CREATE TABLE authorisation (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        role text NOT NULL,
        granted_by text NOT NULL,
        reason text NOT NULL,
        granted_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        UNIQUE (user_id, role)
      );

      CREATE TABLE catalogue_account (
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        catalogue text NOT NULL,
        name text NOT NULL,
        groups text[] NOT NULL DEFAULT '{}',
        linked_by text NOT NULL,
        linked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, catalogue)
      );

      CREATE TABLE conditions_acceptance (
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        version text NOT NULL,
        accepted_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, version)
      );

      CREATE TABLE login_session (
        sid text PRIMARY KEY,
        sess json NOT NULL,
        expire timestamptz NOT NULL,
        user_id uuid GENERATED ALWAYS AS ((sess ->> 'userId')::uuid) STORED,
        login_sid text NOT NULL GENERATED ALWAYS AS (encode(sha256(sid::bytea), 'hex')) STORED UNIQUE
      );
      CREATE INDEX login_session_expire_idx ON login_session (expire);
      CREATE INDEX login_session_user_id_idx ON login_session (user_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE login_session, conditions_acceptance, catalogue_account, authorisation, identity, user_account, installation',
    );
  }
}
