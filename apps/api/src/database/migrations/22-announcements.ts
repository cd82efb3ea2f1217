import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Announcements, and maintenance among them. */
export class Announcements1790000000022 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE announcement (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        kind text NOT NULL,
        text text NOT NULL,
        shown_from timestamptz NOT NULL,
        starts_at timestamptz NOT NULL,
        ends_at timestamptz,
        ended_at timestamptz,
        made_at timestamptz NOT NULL DEFAULT now(),
        made_by uuid REFERENCES user_account ON DELETE SET NULL,
        CONSTRAINT announcement_kind CHECK ("kind" IN ('info','warning','maintenance')),
        CONSTRAINT announcement_times CHECK ("shown_from" <= "starts_at" AND ("ends_at" IS NULL OR "ends_at" > "starts_at"))
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE announcement');
  }
}
