import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An invitation may be the portal's own: the way in of the first administrator. */
export class FirstAdmin1790000000021 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE invitation ADD by_portal boolean NOT NULL DEFAULT false');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE invitation DROP by_portal');
  }
}
