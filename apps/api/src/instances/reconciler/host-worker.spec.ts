import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { EditableCatalogue, UnreachableCatalogue } from '@beamdesk/catalogue/testing';
import type { Hypervisor } from '@beamdesk/hypervisor';
import { aMachineSpec, FailingHypervisor, MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { CatalogueAccountEntity } from '../../auth/entities/catalogue-account.entity';
import { CopiedProposals } from '../../catalogue-copy/copied-proposals';
import { CopyWriter } from '../../catalogue-copy/copy-writer';
import { notifyTemplates } from '../../templates/template-channel';
import { TemplateEntity } from '../../templates/template.entity';
import { HostEntity } from '../../site/entities/host.entity';
import { Bench, HOST, IMAGES, PLAN } from '../testing/bench';
import type { HostWorker } from './host-worker';
import { makeHostWorker } from './make-host-worker';

jest.setTimeout(60_000);

describe('HostWorker', () => {
  let bench: Bench;
  let memory: MemoryHypervisor;
  let catalogue: EditableCatalogue;
  let gate: UnreachableCatalogue;
  const workers: HostWorker[] = [];

  beforeAll(async () => {
    bench = await Bench.open();
    await bench.dataSource.manager.insert(CatalogueAccountEntity, {
      userId: bench.owner,
      catalogue: 'demo',
      name: 'ada',
      linkedBy: 'test',
    });
  });

  afterAll(() => bench.close());

  beforeEach(() => {
    memory = new MemoryHypervisor();
    catalogue = new EditableCatalogue('demo', 'lab');
    gate = new UnreachableCatalogue(catalogue);
    gate.reachable = true;
    Object.assign(bench.settings, {
      ...{ tickMs: 200, settleMs: 0, orphanSweepMs: 50, orphanGraceMs: 3_600_000, orphanMax: 2, capacityMs: 50 },
      ...{ membershipMs: 3_600_000, membershipGraceMs: 3_600_000 },
    });
  });

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await bench.dataSource.query('TRUNCATE instance, orphan_machine CASCADE');
  });

  function start(hypervisor: Hypervisor = memory): HostWorker {
    const { dataSource, instances, secrets, settings } = bench;
    const worker = makeHostWorker({
      data: { rules: [{ when: {}, mount: '9p', path: '/srv/{proposal}', guest: '/data/{proposal}' }], home: null },
      ...{ hostId: HOST, dataSource, instances, hypervisor, catalogue: gate, images: IMAGES, secrets, settings },
      launches: bench.launches,
      dataDir: tmpdir(),
      plans: { all: async () => [{ plan: PLAN, preset: true, beamlines: [], techniques: [], image: { beamlines: [], techniques: [], groups: [] }, unavailable: null }] },
    });
    workers.push(worker);
    worker.start();
    return worker;
  }

  /** An instance of a proposal that its owner is a member of, just checked. */
  async function request(given: Parameters<Bench['request']>[0] = {}): Promise<string> {
    const name = randomUUID();
    const proposalKey = catalogue.put({
      ...{ name, title: 'Rings', abstract: '', visits: [] },
      team: [{ account: 'ada', name: 'Ada', affiliation: null, roles: [] }],
    });
    return bench.request({ ...given, set: { proposalKey, membershipCheckedAt: () => 'now()', ...given.set } });
  }

  async function until<T>(what: () => Promise<T>, expected: T, ms = 20_000): Promise<void> {
    for (const end = Date.now() + ms; ; await pause(10)) {
      const value = await what();
      if (value === expected || Date.now() > end) return expect(value).toEqual(expected);
    }
  }
  const state = async (id: string) => (await bench.row(id)).state;
  const orphans = async () => (await bench.dataSource.query('SELECT machine_id FROM orphan_machine')).length as number;
  const ofOurs = (id: string = randomUUID()) => aMachineSpec({ id, installation: bench.installation });

  it('is woken by a click, by the machine and by Stop, without waiting for its tick', async () => {
    bench.settings.tickMs = 60_000;
    start();
    await until(
      async () => (await bench.dataSource.manager.findOneByOrFail(HostEntity, { id: HOST })).observedAt !== null,
      true,
    );
    const begun = Date.now();
    const id = await request();
    await until(() => state(id), 'READY');
    memory.agentLost(id);
    await until(() => state(id), 'STARTING');
    memory.sessionUp(id);
    await until(() => state(id), 'READY');
    await bench.instances.want(id, 'DELETED', 'stopped', ['RUNNING']);
    await until(() => state(id), 'DELETED');
    expect(Date.now() - begun).toBeLessThan(bench.settings.tickMs);
  });

  it('keeps the templates of the offer, and looks again at once when told', async () => {
    bench.settings.templatesMs = 60_000;
    const rebuild = jest.spyOn(memory, 'rebuildTemplate');
    start();
    const template = () => bench.dataSource.manager.findOneBy(TemplateEntity, { hostId: HOST });
    await until(async () => (await template())?.state, 'ready');
    const key = (await template())?.key;
    await bench.dataSource.query('UPDATE template SET rebuild_asked_at = clock_timestamp()');
    await notifyTemplates(bench.dataSource);
    await until(async () => (await template())?.rebuildAskedAt, null);
    expect(rebuild.mock.calls).toEqual([[key]]);
  });

  it('notices by its tick what nothing hinted at', async () => {
    jest.spyOn(memory, 'watch').mockReturnValue(() => undefined);
    start();
    const id = await request();
    await until(() => state(id), 'READY');
    memory.powerOff(id);
    await until(() => state(id), 'DELETED');
  });

  it('is one at a time per host: the second takes over when the first ends', async () => {
    const create = jest.spyOn(memory, 'create');
    const first = start();
    await pause(100);
    start();
    const id = await request();
    await until(() => state(id), 'READY');
    expect(create).toHaveBeenCalledTimes(1);
    await first.stop();
    await bench.instances.want(id, 'DELETED', 'stopped', ['RUNNING']);
    await until(() => state(id), 'DELETED');
  });

  it('goes on after the database cut every connection', async () => {
    start();
    const id = await request();
    await until(() => state(id), 'READY');
    await bench.dataSource
      .query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'beamdesk-worker'
        AND datname = current_database()`);
    memory.powerOff(id);
    await until(() => state(id), 'DELETED');
  });

  it('adopts what runs when it starts, and finishes what was half done', async () => {
    const first = start();
    const [ready, going] = [await request(), await request()];
    for (const id of [ready, going]) await until(() => state(id), 'READY');
    await first.stop();
    await bench.instances.want(going, 'DELETED', 'stopped', ['RUNNING']);
    const refs = (await memory.list()).map(({ ref }) => ref);
    start();
    await until(() => state(going), 'DELETED');
    expect(await state(ready)).toBe('READY');
    expect(refs).toContain((await memory.find(ready))?.ref);
  });

  it('stops what has expired, and leaves alone what has not', async () => {
    start();
    const kept = await request({ plan: { keepsDisk: true } });
    const [ending, staying] = [await request(), await request()];
    for (const id of [kept, ending, staying]) await until(() => state(id), 'READY');
    for (const id of [kept, ending]) {
      await bench.instances.note(await bench.row(id), { expiresAt: new Date() });
    }
    await until(() => state(ending), 'DELETED');
    await until(() => state(kept), 'STOPPED');
    expect((await bench.row(ending)).wantedReason).toBe('expired');
    expect(await state(staying)).toBe('READY');
  });

  it('publishes what the host can carry', async () => {
    start();
    await until(
      async () => (await bench.dataSource.manager.findOneByOrFail(HostEntity, { id: HOST })).memoryAvailableMib,
      262_144,
    );
  });

  describe('machines without a row', () => {
    it('are set aside and kept, whatever runs beside them', async () => {
      await memory.create(ofOurs());
      start();
      await until(orphans, 1);
      await pause(200);
      expect(await memory.list()).toHaveLength(1);
    });

    it('are destroyed after the grace', async () => {
      bench.settings.orphanGraceMs = 0;
      await memory.create(ofOurs());
      start();
      await until(async () => (await memory.list()).length, 0);
      await until(orphans, 0);
    });

    it('are never destroyed when they are many: an emptied database kills nothing', async () => {
      start();
      const ids = [await request(), await request(), await request()];
      for (const id of ids) await until(() => state(id), 'READY');
      bench.settings.orphanGraceMs = 0;
      await bench.dataSource.query('TRUNCATE instance CASCADE');
      await until(orphans, 3);
      await pause(300);
      expect((await memory.list()).map(({ phase }) => phase)).toEqual(['on', 'on', 'on']);
    });

    it('of another installation are never touched', async () => {
      bench.settings.orphanGraceMs = 0;
      await memory.create(aMachineSpec({ id: randomUUID() }));
      start();
      await pause(300);
      expect([(await memory.list()).length, await orphans()]).toEqual([1, 0]);
    });

    it('that come up after their record was closed are leftovers and go', async () => {
      const id = await request();
      await bench.instances.want(id, 'DELETED', 'deleted', ['RUNNING']);
      start();
      await until(() => state(id), 'DELETED');
      await memory.create(ofOurs(id));
      await until(async () => (await memory.list()).length, 0);
      expect(await orphans()).toBe(0);
    });
  });

  describe('memberships', () => {
    beforeEach(() => {
      Object.assign(bench.settings, { membershipMs: 50, membershipGraceMs: 300 });
    });

    it('lost: said at once, stopped after the grace', async () => {
      start();
      const id = await request();
      await until(() => state(id), 'READY');
      catalogue.expel((await bench.row(id)).proposalKey, 'ada');
      await until(async () => (await bench.row(id)).membershipLostAt !== null, true);
      expect(await state(id)).toBe('READY');
      await until(() => state(id), 'DELETED');
      expect((await bench.row(id)).wantedReason).toBe('membership-lost');
    });

    it('end with the last role of the owner, and come back with one', async () => {
      bench.settings.membershipGraceMs = 60_000;
      start();
      const id = await request();
      await until(() => state(id), 'READY');
      const expire = (at: string) =>
        bench.dataSource.query(`UPDATE authorisation SET expires_at = ${at} WHERE user_id = $1`, [bench.owner]);
      await expire(`now() - interval '1 second'`);
      await until(async () => (await bench.row(id)).membershipLostAt !== null, true);
      await expire('NULL');
      await until(async () => (await bench.row(id)).membershipLostAt === null, true);
      expect(await state(id)).toBe('READY');
    });

    it('lost and found within the grace: nothing is stopped', async () => {
      bench.settings.membershipGraceMs = 60_000;
      start();
      const id = await request();
      await until(() => state(id), 'READY');
      const { proposalKey } = await bench.row(id);
      catalogue.expel(proposalKey, 'ada');
      await until(async () => (await bench.row(id)).membershipLostAt !== null, true);
      const [, , name = ''] = proposalKey.split(':');
      const team = [{ account: 'ada', name: 'Ada', affiliation: null, roles: [] }];
      catalogue.put({ name, title: '', abstract: '', visits: [], team });
      await until(async () => (await bench.row(id)).membershipLostAt === null, true);
      expect(await state(id)).toBe('READY');
    });

    it('lost: forgotten in the copy too, so that no outage brings them back', async () => {
      const account = { catalogue: 'demo', name: 'ada', groups: [] };
      const copies = new CopiedProposals(bench.dataSource);
      const writer = new CopyWriter(bench.dataSource);
      const id = await request();
      const { proposalKey } = await bench.row(id);
      const { items } = await catalogue.search(account, { text: '', sort: 'name', offset: 0, limit: 10 });
      for (const copy of await copies.standing([account])) await writer.replace(copy.id, account, items, await writer.now());
      expect(await copies.find(account, proposalKey, 60_000)).not.toBeNull();
      start();
      await until(() => state(id), 'READY');
      catalogue.expel(proposalKey, 'ada');
      await until(async () => (await bench.row(id)).membershipLostAt !== null, true);
      expect(await copies.find(account, proposalKey, 60_000)).toBeNull();
    });

    it('that cannot be asked for are not lost', async () => {
      start();
      const id = await request();
      await until(() => state(id), 'READY');
      gate.reachable = false;
      catalogue.expel((await bench.row(id)).proposalKey, 'ada');
      await pause(500);
      expect(await bench.row(id)).toMatchObject({ state: 'READY', membershipLostAt: null, wanted: 'RUNNING' });
    });
  });

  it('keeps its other chores going while the hypervisor cannot be asked', async () => {
    const failing = new FailingHypervisor({}, memory);
    start(failing);
    const id = await request();
    await until(() => state(id), 'READY');
    failing.failures = 'unreachable';
    await until(async () => (await bench.row(id)).unreachable, true);
    await bench.instances.note(await bench.row(id), { expiresAt: new Date() });
    await until(async () => (await bench.row(id)).wanted, 'DELETED');
    expect(await orphans()).toBe(0);
    failing.failures = {};
    await until(() => state(id), 'DELETED');
  });
});
