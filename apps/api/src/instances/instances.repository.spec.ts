import { Client } from 'pg';
import { INSTANCE_CHANNEL } from './change-feed';
import { InstanceMoveEntity } from './entities/instance-move.entity';
import { ForbiddenMove } from './instance-lifecycle';
import { Bench } from './testing/bench';

describe('InstancesRepository', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await Bench.open();
  });

  afterAll(() => bench.close());

  afterEach(() => bench.dataSource.query('TRUNCATE instance CASCADE'));

  const grant = { protocol: 'vnc' as const, secret: Buffer.from('sealed'), imageSha256: 'a'.repeat(64) };

  it('lets exactly one of many movers win, with one row of history', async () => {
    const id = await bench.request();
    const row = await bench.row(id);
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        bench.instances.move(row, { to: i % 2 ? 'FAILED' : 'DELETING', reason: `r${i}` }),
      ),
    );
    expect(outcomes.filter((won) => won)).toHaveLength(1);
    expect(await bench.states(id)).toHaveLength(2);
    expect((await bench.row(id)).revision).toBe(1);
  });

  it('does not take a later BUILDING for the one it read', async () => {
    const id = await bench.request();
    expect(await bench.instances.claim(await bench.row(id), grant, 'x')).toBe('claimed');
    const stale = await bench.row(id);
    await bench.instances.move(stale, { to: 'FAILED', reason: 'x' });
    await bench.again(id);
    expect(await bench.instances.claim(await bench.row(id), grant, 'x')).toBe('claimed');
    expect((await bench.row(id)).state).toBe('BUILDING');
    expect(await bench.instances.move(stale, { to: 'STARTING', reason: 'too late' })).toBe(false);
    expect(await bench.instances.claim({ ...stale, state: 'REQUESTED' }, grant, 'x')).toBe('moved');
  });

  it('refuses what the table does not hold', async () => {
    const id = await bench.request();
    await expect(bench.instances.move(await bench.row(id), { to: 'READY', reason: 'x' })).rejects.toBeInstanceOf(
      ForbiddenMove,
    );
    expect(await bench.states(id)).toEqual(['REQUESTED']);
  });

  it('has one live instance per person, proposal and service, and room for another when it is gone', async () => {
    const proposalKey = 'demo:lab:same';
    const first = await bench.request({ set: { proposalKey } });
    await expect(bench.request({ set: { proposalKey } })).rejects.toThrow('instance_one_live');
    await bench.instances.move(await bench.row(first), { to: 'DELETING', reason: 'x' });
    await expect(bench.request({ set: { proposalKey } })).rejects.toThrow('instance_one_live');
    await bench.instances.move(await bench.row(first), { to: 'DELETED', reason: 'x' });
    await bench.request({ set: { proposalKey } });
  });

  it('leaves nothing of a claim that failed half-way', async () => {
    const id = await bench.request();
    await bench.dataSource.query(`ALTER TABLE instance_move ADD CONSTRAINT no_claims CHECK (reason <> 'claimed')`);
    await expect(bench.instances.claim(await bench.row(id), grant, 'x')).rejects.toThrow('no_claims');
    await bench.dataSource.query('ALTER TABLE instance_move DROP CONSTRAINT no_claims');
    expect(await bench.row(id)).toMatchObject({ state: 'REQUESTED', consolePort: null });
    expect(await bench.ports()).toEqual([]);
  });

  it('keeps the first reason of a failure', async () => {
    const id = await bench.request();
    await bench.instances.beginFailure(await bench.row(id), 'NO_DISK', 'No disk.');
    await bench.instances.beginFailure(await bench.row(id), 'MACHINE_LOST', 'Gone.');
    expect(await bench.row(id)).toMatchObject({ failureCode: 'NO_DISK', state: 'REQUESTED' });
  });

  it('writes what people want only over what they may change, and never over a record that is closed', async () => {
    const id = await bench.request();
    expect(await bench.instances.want(id, 'DELETED', 'deleted', ['RUNNING', 'STOPPED'])).toBe(true);
    expect(await bench.instances.want(id, 'STOPPED', 'expired', ['RUNNING'])).toBe(false);
    expect((await bench.row(id)).wantedReason).toBe('deleted');
    await bench.instances.move(await bench.row(id), { to: 'DELETING', reason: 'x' });
    await bench.instances.move(await bench.row(id), { to: 'DELETED', reason: 'x' });
    expect(await bench.instances.want(id, 'STOPPED', 'stopped', ['DELETED'])).toBe(false);
  });

  it('tells the change feed what was committed, and nothing else', async () => {
    const { options } = bench.dataSource;
    if (options.type !== 'postgres') throw new Error('needs PostgreSQL');
    const { host, port, username: user, database, password } = options;
    const client = new Client({ host, port, user, database, password: password as string });
    await client.connect();
    const heard: (string | undefined)[] = [];
    client.on('notification', ({ payload }) => heard.push(payload));
    await client.query(`LISTEN ${INSTANCE_CHANNEL}`);
    try {
      const id = await bench.request();
      const row = await bench.row(id);
      await bench.instances.move(row, { to: 'DELETING', reason: 'x' });
      await bench.instances.move(row, { to: 'DELETING', reason: 'lost the race' });
      await bench.instances.note(row, { step: 'of a row that moved on' });
      await bench.dataSource
        .transaction(async (manager) => {
          await bench.instances.moveWithin(manager, await bench.row(id), { to: 'DELETED', reason: 'x' });
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      await client.query('SELECT 1');
      expect(heard).toEqual([id, id]);
      expect(await bench.dataSource.manager.countBy(InstanceMoveEntity, { instanceId: id })).toBe(2);
    } finally {
      await client.end();
    }
  });
});
