import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Installation } from './installation';

/** What the database, the disk and the process table each say is there; the three must agree when nothing is under way. */
export interface Accounts {
  /** Ids of instances that hold a machine, by the database. */
  instances: string[];
  /** Ids with a port reserved. */
  ports: string[];
  /** Ids of run folders on the disk. */
  folders: string[];
  /** Ids with a living QEMU. */
  machines: string[];
  /** Σ of allocated machines. */
  allocated: number;
}

/** Reads the books of an installation past its api. */
export class Ledger {
  constructor(private readonly installation: Installation) {}

  /** Runs one statement as the api's own database user. */
  async query<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
    const client = new Client({ connectionString: this.databaseUrl() });
    await client.connect();
    try {
      return (await client.query(sql, values)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  async read(): Promise<Accounts> {
    const instances = await this.query<{ id: string; alloc_machines: number }>(
      `SELECT id, alloc_machines FROM instance WHERE state NOT IN ('DELETED', 'FAILED', 'STOPPED') ORDER BY id`,
    );
    const ports = await this.query<{ instance_id: string }>('SELECT instance_id FROM port_reservation ORDER BY instance_id');
    return {
      instances: instances.map(({ id }) => id),
      ports: ports.map((row) => row.instance_id),
      folders: this.installation.machineFolders(),
      machines: [...this.installation.machines().keys()].sort(),
      allocated: instances.reduce((sum, row) => sum + row.alloc_machines, 0),
    };
  }

  private databaseUrl(): string {
    const { dataDir } = this.installation;
    const { postgres } = JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8')) as { postgres: number };
    const url = new URL(`postgresql://beamdesk@127.0.0.1:${postgres}/beamdesk`);
    url.password = encodeURIComponent(readFileSync(join(dataDir, 'secrets', 'api', 'database-password'), 'utf8').trim());
    return url.toString();
  }
}
