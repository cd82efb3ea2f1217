import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A kept disk belongs to the very image it was made on. */
export class KeptDisks1790000000005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE instance ADD image_sha256 text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE instance DROP image_sha256');
  }
}
