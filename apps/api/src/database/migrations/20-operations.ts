import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Launches that wait for a host, desktops that nobody uses, and the id under which a launch is in the logs. */
export class Operations1790000000020 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE instance ALTER host_id DROP NOT NULL;
      ALTER TABLE instance ADD queued_at timestamptz;
      ALTER TABLE instance ADD queue_position integer;
      ALTER TABLE instance ADD queue_reason text;
      ALTER TABLE instance ADD request_id text;
      ALTER TABLE instance ADD last_busy_at timestamptz;
      ALTER TABLE instance ADD idle_stop_at timestamptz;
      ALTER TABLE instance ADD cpu_seconds double precision;
      ALTER TABLE instance ADD cpu_seen_at timestamptz;
      ALTER TABLE instance ADD CONSTRAINT instance_queue
        CHECK ("host_id" IS NOT NULL OR "queued_at" IS NOT NULL OR "state" IN ('DELETING', 'DELETED', 'FAILED'));
      CREATE INDEX instance_queued ON instance (queued_at) WHERE "queued_at" IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP INDEX instance_queued;
      ALTER TABLE instance DROP CONSTRAINT instance_queue;
      ALTER TABLE instance DROP cpu_seen_at;
      ALTER TABLE instance DROP cpu_seconds;
      ALTER TABLE instance DROP idle_stop_at;
      ALTER TABLE instance DROP last_busy_at;
      ALTER TABLE instance DROP request_id;
      ALTER TABLE instance DROP queue_reason;
      ALTER TABLE instance DROP queue_position;
      ALTER TABLE instance DROP queued_at;
      DELETE FROM instance WHERE host_id IS NULL;
      ALTER TABLE instance ALTER host_id SET NOT NULL;
    `);
  }
}
