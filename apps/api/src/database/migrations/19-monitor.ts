import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How busy hosts are and whether they take launches; what staff wrote to the owners of desktops. */
export class Monitor1790000000019 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE host
        ADD cpu_load_permille integer,
        ADD cpu_pressure_permille integer,
        ADD disk_total_mib integer,
        ADD draining boolean NOT NULL DEFAULT false,
        ADD draining_by uuid,
        ADD draining_at timestamptz;
      CREATE TABLE desktop_message (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        instance_id uuid NOT NULL REFERENCES instance ON DELETE CASCADE,
        sender_id uuid NOT NULL,
        sender_role text NOT NULL,
        text text NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        dismissed_at timestamptz,
        CONSTRAINT desktop_message_text CHECK (length("text") BETWEEN 1 AND 500)
      );
      CREATE INDEX desktop_message_open ON desktop_message (instance_id) WHERE "dismissed_at" IS NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE desktop_message;
      ALTER TABLE host DROP cpu_load_permille, DROP cpu_pressure_permille, DROP disk_total_mib,
        DROP draining, DROP draining_by, DROP draining_at;
    `);
  }
}
