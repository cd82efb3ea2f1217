import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts of our own, and the failed tries at them. */
export class LocalAccounts1790000000008 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE local_account (
        name text PRIMARY KEY,
        display_name text NOT NULL,
        email text,
        password_hash text NOT NULL,
        one_time_until timestamptz,
        disabled_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE password_attempts (
        key text PRIMARY KEY,
        failures integer NOT NULL,
        locked_until timestamptz NOT NULL,
        last_at timestamptz NOT NULL
      );
      CREATE INDEX password_attempts_last_at_idx ON password_attempts (last_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE password_attempts, local_account');
  }
}
