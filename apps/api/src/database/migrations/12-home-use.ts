import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the home folders hold. */
export class HomeUse1790000000012 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE home_use (
        user_id uuid PRIMARY KEY REFERENCES user_account ON DELETE CASCADE,
        used_bytes bigint NOT NULL,
        measured_at timestamptz NOT NULL,
        CONSTRAINT home_use_bytes CHECK ("used_bytes" >= 0)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE home_use');
  }
}
