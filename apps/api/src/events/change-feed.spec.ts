import { connect, createServer, Server, Socket } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import { createTestDatabase, openTestDataSource, TestDatabase } from '../../test/postgres/test-database';
import { Config, parseDatabaseUrl, Secret } from '../config';
import { ChangeFeed } from './change-feed';
import { until } from './testing/until';

/** A way to PostgreSQL that can be cut, as a restart of it looks from here. */
class Wire {
  private server: Server | null = null;
  private readonly sockets = new Set<Socket>();
  port = 0;

  constructor(private readonly target: { host: string; port: number }) {}

  async up(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(this.target);
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address) this.port = address.port;
  }

  async down(): Promise<void> {
    const closed = this.server && once(this.server, 'close');
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
    this.server = null;
  }
}

describe('ChangeFeed', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let wire: Wire;
  let feed: ChangeFeed;
  let heard: string[];

  const tell = (channel: string, payload: string) => dataSource.query('SELECT pg_notify($1, $2)', [channel, payload]);

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openTestDataSource(database);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    const settings = parseDatabaseUrl(database.url);
    wire = new Wire({ host: settings.host, port: settings.port });
    await wire.up();
    const password = new Secret(readFileSync(database.passwordFile, 'utf8'));
    feed = new ChangeFeed({ database: { ...settings, host: '127.0.0.1', port: wire.port, password } } as Config);
    heard = [];
    feed.onInstance((id) => heard.push(`instance ${id}`));
    feed.onSignOut((sid) => heard.push(`sign-out ${sid}`));
    feed.onGap(() => heard.push('gap'));
  });
  afterEach(async () => {
    await feed.onApplicationShutdown();
    if (wire) await wire.down();
  });

  it('hears instances and sign-outs until a listener stops', async () => {
    await feed.onApplicationBootstrap();
    const more: string[] = [];
    const stop = feed.onInstance((id) => more.push(id));
    await tell('beamdesk_instance', 'a');
    await until(() => heard.length === 1);
    stop();
    await tell('beamdesk_session', 'b');
    await tell('beamdesk_instance', 'c');
    await until(() => heard.length === 3);
    expect(heard).toEqual(['instance a', 'sign-out b', 'instance c']);
    expect(more).toEqual(['a']);
  });

  it('comes back by itself after PostgreSQL was away, and says that something may have been missed', async () => {
    await feed.onApplicationBootstrap();
    await wire.down();
    await tell('beamdesk_instance', 'missed');
    await new Promise((next) => setTimeout(next, 700));
    expect(heard).toEqual([]);
    await wire.up();
    await until(() => heard.includes('gap'));
    await tell('beamdesk_instance', 'heard');
    await until(() => heard.length === 2);
    expect(heard).toEqual(['gap', 'instance heard']);
  });

  it('starts without a database and begins when it is there', async () => {
    await wire.down();
    await feed.onApplicationBootstrap();
    await wire.up();
    await until(() => heard.includes('gap'));
    await tell('beamdesk_instance', 'a');
    await until(() => heard.includes('instance a'));
  });

  it('ends at once, also while the database is away', async () => {
    await feed.onApplicationBootstrap();
    await wire.down();
    const start = Date.now();
    await feed.onApplicationShutdown();
    expect(Date.now() - start).toBeLessThan(1_500);
  });
});
