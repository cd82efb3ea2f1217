import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Techniques: those plans are offered for, and those a catalogue names for a proposal. */
export class Techniques1790000000014 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE plan_technique (
        plan_id text NOT NULL REFERENCES plan ON DELETE CASCADE,
        technique_id text NOT NULL,
        PRIMARY KEY (plan_id, technique_id)
      );
      ALTER TABLE copied_proposal ADD COLUMN techniques text[] NOT NULL DEFAULT '{}';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE copied_proposal DROP COLUMN techniques');
    await db.query('DROP TABLE plan_technique');
  }
}
