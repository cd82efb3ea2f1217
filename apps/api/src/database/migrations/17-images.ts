import type { MigrationInterface, QueryRunner } from 'typeorm';

/** GPUs of flavours; what plans say of idle desktops, the network and a longer life. */
export class Images1790000000017 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE flavour ADD COLUMN gpus integer NOT NULL DEFAULT 0;
      ALTER TABLE flavour DROP CONSTRAINT flavour_amounts;
      ALTER TABLE flavour ADD CONSTRAINT flavour_amounts
        CHECK ("vcpus" > 0 AND "memory_mib" > 0 AND "disk_mib" > 0 AND "gpus" >= 0);
      ALTER TABLE plan ADD COLUMN idle_minutes integer;
      ALTER TABLE plan ADD COLUMN network text NOT NULL DEFAULT 'none';
      ALTER TABLE plan ADD COLUMN extension jsonb;
      ALTER TABLE plan ADD CONSTRAINT plan_idle CHECK ("idle_minutes" > 0);
      ALTER TABLE plan ADD CONSTRAINT plan_network CHECK ("network" IN ('none','outbound'));
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE plan DROP CONSTRAINT plan_idle, DROP CONSTRAINT plan_network;
      ALTER TABLE plan DROP COLUMN idle_minutes, DROP COLUMN network, DROP COLUMN extension;
      ALTER TABLE flavour DROP CONSTRAINT flavour_amounts;
      ALTER TABLE flavour DROP COLUMN gpus;
      ALTER TABLE flavour ADD CONSTRAINT flavour_amounts CHECK ("vcpus" > 0 AND "memory_mib" > 0 AND "disk_mib" > 0);
    `);
  }
}
