import { Client } from 'pg';
import type { DatabaseSettings } from '../../src/config';

const FENCE = 'access_fence';

/** Hears everything that is told by NOTIFY on the given channels. */
export class Told {
  private readonly heard: string[] = [];
  private fences = 0;
  private readonly arrived = new Map<string, () => void>();

  private constructor(private readonly client: Client) {
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === FENCE) this.arrived.get(payload)?.();
      else this.heard.push(`${channel} ${payload}`);
    });
  }

  static async listen(
    database: DatabaseSettings,
    channels: string[],
    also: (channel: string, payload: string) => void,
  ): Promise<Told> {
    const { host, port, user, database: name, password } = database;
    const client = new Client({
      host,
      port,
      user,
      database: name,
      ...(password ? { password: password.reveal() } : {}),
    });
    await client.connect();
    const told = new Told(client);
    client.on('notification', ({ channel, payload = '' }) => also(channel, payload));
    for (const channel of [...channels, FENCE]) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    return told;
  }

  /** What was told since the last look; all of it, because PostgreSQL delivers in the order of commits. */
  async take(): Promise<string[]> {
    const mark = String((this.fences += 1));
    const arrived = new Promise<void>((resolve) => this.arrived.set(mark, resolve));
    await this.client.query('SELECT pg_notify($1, $2)', [FENCE, mark]);
    await arrived;
    this.arrived.delete(mark);
    return this.heard.splice(0);
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
