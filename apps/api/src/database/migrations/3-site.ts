import { MigrationInterface, QueryRunner } from 'typeorm';

/** What the site offers (beamlines, images, flavours, plans, services, hosts), tickets and desktop sessions. */
export class Site1790000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE beamline (
        id text PRIMARY KEY,
        name text NOT NULL,
        technique text NOT NULL,
        active boolean NOT NULL DEFAULT true
      );
      CREATE TABLE service (
        id text PRIMARY KEY,
        name text NOT NULL,
        active boolean NOT NULL DEFAULT true
      );
      CREATE TABLE host (
        id text PRIMARY KEY,
        memory_limit_mib integer NOT NULL,
        disk_reserve_mib integer NOT NULL,
        port_from integer NOT NULL,
        port_to integer NOT NULL,
        active boolean NOT NULL DEFAULT true,
        accelerator text,
        vcpus integer,
        memory_total_mib integer,
        memory_available_mib integer,
        disk_available_mib integer,
        observed_at timestamptz,
        CONSTRAINT host_amounts CHECK ("memory_limit_mib" >= 0 AND "disk_reserve_mib" >= 0),
        CONSTRAINT host_ports CHECK ("port_from" BETWEEN 1 AND "port_to" AND "port_to" <= 65535)
      );
      CREATE TABLE image (
        id text PRIMARY KEY,
        name text NOT NULL,
        sha256 text NOT NULL,
        boot jsonb NOT NULL,
        agent boolean NOT NULL,
        protocol text NOT NULL,
        software text[] NOT NULL DEFAULT '{}',
        active boolean NOT NULL DEFAULT true
      );
      CREATE TABLE flavour (
        id text PRIMARY KEY,
        vcpus integer NOT NULL,
        memory_mib integer NOT NULL,
        disk_mib integer NOT NULL,
        active boolean NOT NULL DEFAULT true,
        CONSTRAINT flavour_amounts CHECK ("vcpus" > 0 AND "memory_mib" > 0 AND "disk_mib" > 0)
      );
      CREATE TABLE plan (
        id text PRIMARY KEY,
        name text NOT NULL,
        description text NOT NULL,
        image_id text NOT NULL REFERENCES image,
        flavour_id text NOT NULL REFERENCES flavour,
        lifetime_minutes integer NOT NULL,
        keeps_disk boolean NOT NULL,
        preset boolean NOT NULL,
        position integer NOT NULL,
        active boolean NOT NULL DEFAULT true,
        CONSTRAINT plan_lifetime CHECK ("lifetime_minutes" > 0)
      );
      CREATE TABLE plan_beamline (
        plan_id text NOT NULL REFERENCES plan ON DELETE CASCADE,
        beamline_id text NOT NULL REFERENCES beamline ON DELETE CASCADE,
        PRIMARY KEY (plan_id, beamline_id)
      );

      CREATE TABLE ticket (
        hash text PRIMARY KEY,
        login_sid text NOT NULL,
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        instance_id uuid NOT NULL REFERENCES instance ON DELETE CASCADE,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      );
      CREATE INDEX ticket_expires_at_idx ON ticket (expires_at);

      CREATE TABLE desktop_session (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        instance_id uuid NOT NULL REFERENCES instance ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES user_account ON DELETE CASCADE,
        login_sid text NOT NULL,
        bridge text NOT NULL,
        read_only boolean NOT NULL,
        guacd_host text,
        guacd_port integer,
        connection_id text,
        opened_at timestamptz NOT NULL DEFAULT now(),
        renewed_at timestamptz NOT NULL DEFAULT now(),
        closed_at timestamptz,
        close_reason text,
        bytes_to_client bigint NOT NULL DEFAULT 0,
        bytes_from_client bigint NOT NULL DEFAULT 0,
        last_input_at timestamptz
      );
      CREATE INDEX desktop_session_live ON desktop_session (instance_id, user_id) WHERE "closed_at" IS NULL;
      CREATE INDEX desktop_session_login ON desktop_session (login_sid) WHERE "closed_at" IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE desktop_session, ticket, plan_beamline, plan, flavour, image, host, service, beamline',
    );
  }
}
