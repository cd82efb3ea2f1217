import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Graphics cards of hosts, and which instance has which. */
export class Gpus1790000000018 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE host_gpu (
        host_id text NOT NULL REFERENCES host,
        address text NOT NULL,
        functions text[] NOT NULL,
        vendor text NOT NULL,
        device text NOT NULL,
        pci_class text NOT NULL,
        driver text,
        iommu_group integer,
        group_members text[] NOT NULL,
        numa_node integer,
        mdev_types text[] NOT NULL,
        allowed boolean NOT NULL,
        unusable text,
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (host_id, address)
      );
      CREATE TABLE gpu_lease (
        host_id text NOT NULL,
        address text NOT NULL,
        instance_id uuid NOT NULL REFERENCES instance DEFERRABLE INITIALLY DEFERRED,
        since timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (host_id, address),
        FOREIGN KEY (host_id, address) REFERENCES host_gpu
      );
      CREATE INDEX gpu_lease_instance_id_idx ON gpu_lease (instance_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE gpu_lease; DROP TABLE host_gpu');
  }
}
