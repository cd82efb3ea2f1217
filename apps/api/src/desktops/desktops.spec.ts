import type { InstanceView, QuotaView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { Site } from '../site/site';
import { HostEntity } from '../site/entities/host.entity';
import { createDesktopApp, type DesktopApp } from './testing/desktop-app';

const desktopOf = (key: string) => `/api/proposals/${key}/services/desktop`;

describe('PUT /api/proposals/:key/services/desktop', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  let adaId: string;

  beforeAll(async () => {
    house = await createDesktopApp();
    ({ browser: ada, userId: adaId } = await house.signedIn('ada'));
  });

  afterAll(() => house.close());

  beforeEach(async () => {
    await house.api.dataSource.query('TRUNCATE instance CASCADE');
    await limit(2);
    await house.api.dataSource.manager.update(
      HostEntity,
      { id: 'local' },
      { observedAt: new Date(), memoryLimitMib: 0 },
    );
    house.gate.reachable = true;
  });

  async function limit(machines: number): Promise<void> {
    const { dataSource } = house.api;
    await dataSource.query('DELETE FROM quota_override');
    await dataSource.query(
      `INSERT INTO quota_override
         (subject_kind, subject_id, machines, vcpus, memory_mib, storage_mib, reason, starts_at)
       VALUES ('user', $1, $2, 1000, 1000000, 1000000, 'For a test.', now())`,
      [adaId, machines],
    );
  }

  const instances = () => house.api.dataSource.manager.find(InstanceEntity);
  const quota = async () => (await ada.get('/api/quota')).body as QuotaView;

  /** Puts it into a state the reconciler would have brought it to. */
  async function bringTo(id: string, state: string, held: Partial<InstanceEntity> = {}): Promise<void> {
    await house.api.dataSource.manager.update(InstanceEntity, { id }, { state: state as never, ...held });
  }

  it('launches the preset plan and says so', async () => {
    const key = house.proposal('p-launch', ['ada']);
    const { status, body } = await ada.send('PUT', desktopOf(key), {});
    expect(status).toBe(200);
    expect(body).toMatchObject({
      proposalKey: key,
      state: 'REQUESTED',
      wanted: 'RUNNING',
      role: 'OWNER',
      plan: { id: 'tiny' },
      allocation: { machines: 1, vcpus: 1, memoryMib: 512, storageMib: 1024, gpus: 0 },
      failure: null,
    });
    expect((await quota()).usage).toEqual({ machines: 1, vcpus: 1, memoryMib: 512, storageMib: 1024, gpus: 0 });
    const [row] = await instances();
    expect(row?.dataAccess.shares.map(({ tag, readOnly }) => [tag, readOnly])).toEqual([
      ['data', true],
      ['scratch', false],
    ]);
  });

  it('takes a body or none', async () => {
    const key = house.proposal('p-body', ['ada']);
    expect((await ada.send('PUT', desktopOf(key))).status).toBe(200);
    expect((await ada.send('PUT', desktopOf(key), { plan: 'tiny' })).status).toBe(200);
    expect((await ada.send('PUT', desktopOf(key), { plam: 'tiny' })).status).toBe(400);
    expect(await instances()).toHaveLength(1);
  });

  it('makes one desktop of a double click and of two tabs', async () => {
    const key = house.proposal('p-double', ['ada']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => ada.send('PUT', desktopOf(key), {})));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(new Set(answers.map(({ body }) => (body as InstanceView).id)).size).toBe(1);
    expect(await instances()).toHaveLength(1);
  });

  it('gives exactly 5 places to 50 launches at once', async () => {
    await limit(5);
    const keys = Array.from({ length: 50 }, (_, i) => house.proposal(`p-many-${i}`, ['ada']));
    const { csrfToken } = (await ada.get('/api/session')).body as { csrfToken: string };
    const headers = { Origin: ada.portal, 'X-CSRF-Token': csrfToken };
    const answers = await Promise.all(keys.map((key) => ada.request('PUT', desktopOf(key), {}, headers)));
    const granted = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 409);
    expect([granted.length, refused.length]).toEqual([5, 45]);
    for (const { body } of refused) {
      expect(body).toMatchObject({
        code: 'QUOTA_EXCEEDED',
        details: { shortfalls: [{ resource: 'machines', requested: 1, available: 0, missing: 1 }] },
      });
    }
    expect(await instances()).toHaveLength(5);
    expect((await quota()).usage.machines).toBe(5);
    const moves = await house.api.dataSource.query('SELECT count(*)::int AS n FROM instance_move');
    expect(moves).toEqual([{ n: 5 }]);
  });

  it('answers 404, and makes nothing, for what is unknown, malformed or of another team', async () => {
    const chens = house.proposal('p-chen', ['chen']);
    const answers = [];
    for (const key of [
      chens,
      'demo:Lumina:nothing',
      'other:Lumina:p-chen',
      'nonsense',
      '%00',
      `demo:Lumina:${'x'.repeat(400)}`,
    ]) {
      answers.push(await ada.send('PUT', desktopOf(encodeURIComponent(key).replaceAll('%3A', ':')), {}));
    }
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(404));
    const bodies = answers.map(({ body }) => ({ ...(body as object), requestId: '' }));
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(await instances()).toEqual([]);
  });

  it('asks the catalogue first, and takes no answer for no', async () => {
    const key = house.proposal('p-down', ['ada']);
    house.gate.reachable = false;
    const { status, body } = await ada.send('PUT', desktopOf(key), {});
    expect([status, (body as { code: string }).code]).toEqual([503, 'CATALOGUE_UNAVAILABLE']);
    expect(await instances()).toEqual([]);
  });

  it('goes by what the catalogue confirmed lately while it does not answer, and by nothing else', async () => {
    const key = house.proposal('p-lately', ['ada']);
    const others = house.proposal('p-of-bo', ['bo']);
    const aged = (minutes: number) =>
      house.api.dataSource.query(`UPDATE catalogue_copy SET observed_at = now() - make_interval(mins => $1)`, [minutes]);
    await ada.get('/api/proposals');
    house.gate.reachable = false;
    await aged(241);
    const tooOld = await ada.send('PUT', desktopOf(key), {});
    await aged(239);
    const foreign = await ada.send('PUT', desktopOf(others), {});
    const launched = await ada.send('PUT', desktopOf(key), {});
    const codes = [tooOld, foreign].map(({ status, body }) => [status, (body as { code: string }).code]);
    expect(codes).toEqual(Array(2).fill([503, 'CATALOGUE_UNAVAILABLE']));
    expect([launched.status, launched.body]).toEqual([200, expect.objectContaining({ state: 'REQUESTED' })]);
    const [row] = await house.api.dataSource.query<{ minutes: number }[]>(
      `SELECT extract(epoch FROM now() - membership_checked_at) / 60 AS minutes FROM instance WHERE proposal_key = $1`,
      [key],
    );
    expect(Math.round(Number(row?.minutes))).toBe(239);
  });

  it('refuses a plan that is not offered here, and another plan beside the one that runs', async () => {
    const elsewhere = house.proposal('p-elsewhere', ['ada'], { beamline: 'n3-sans' });
    expect((await ada.send('PUT', desktopOf(elsewhere), {})).body).toMatchObject({ code: 'NOT_OFFERED' });
    const key = house.proposal('p-plan', ['ada']);
    expect((await ada.send('PUT', desktopOf(key), { plan: 'huge' })).body).toMatchObject({ code: 'NOT_OFFERED' });
    await ada.send('PUT', desktopOf(key), {});
    const other = await ada.send('PUT', desktopOf(key), { plan: 'huge' });
    expect([other.status, (other.body as { code: string }).code]).toEqual([409, 'OTHER_PLAN_RUNNING']);
    expect(await instances()).toHaveLength(1);
  });

  it('refuses a launch whose data is not there, rather than mounting something else', async () => {
    const key = house.proposal('p-nodata', ['ada'], { data: false });
    expect((await ada.send('PUT', desktopOf(key), {})).body).toMatchObject({ code: 'DATA_MISSING' });
    expect(await instances()).toEqual([]);
  });

  it('refuses what the host cannot carry, with figures', async () => {
    const { manager } = house.api.dataSource;
    const [one, two] = [house.proposal('p-full-1', ['ada']), house.proposal('p-full-2', ['ada'])];
    await manager.update(HostEntity, { id: 'local' }, { memoryLimitMib: 800 });
    expect((await ada.send('PUT', desktopOf(one), {})).status).toBe(200);
    const { load } = house.api.app.get<Site>(Site);
    load.whenFull = 'refuse';
    const { status, body } = await ada.send('PUT', desktopOf(two), {});
    load.whenFull = 'queue';
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'HOST_FULL',
      details: { requested: { memoryMib: 512 }, available: { memoryMib: 288 } },
    });
    await manager.update(
      HostEntity,
      { id: 'local' },
      { memoryLimitMib: 0, observedAt: new Date(Date.now() - 3_600_000) },
    );
    expect((await ada.send('PUT', desktopOf(two), {})).body).toMatchObject({
      code: 'HOST_FULL',
      details: { available: null },
    });
    expect(await instances()).toHaveLength(1);
    expect((await quota()).usage.machines).toBe(1);
    const up = { memoryLimitMib: 800, observedAt: new Date() };
    await manager.update(HostEntity, { id: 'local' }, up);
    const waits = (await ada.send('PUT', desktopOf(two), {})).body;
    const step = 'Waiting: 1st in the queue, the host is full (memory)';
    expect(waits).toMatchObject({ state: 'REQUESTED', expiresAt: null, step, queue: { position: 1, reason: 'memory' } });
    expect((await quota()).usage.machines).toBe(2);
    const stopped = await ada.send('POST', `/api/instances/${(waits as InstanceView).id}/stop`, {});
    expect([stopped.status, (stopped.body as InstanceView).wanted]).toEqual([200, 'DELETED']);
  });

  describe('again', () => {
    async function launched(name: string): Promise<{ key: string; id: string }> {
      const key = house.proposal(name, ['ada']);
      return { key, id: ((await ada.send('PUT', desktopOf(key), {})).body as InstanceView).id };
    }
    const nothing = { allocMachines: 0, allocVcpus: 0, allocMemoryMib: 0, allocStorageMib: 0 };

    it('tries a failed one again as the same record, with a clean slate', async () => {
      const { key, id } = await launched('p-again');
      await bringTo(id, 'FAILED', { ...nothing, failureCode: 'NO_DISK', failureMessage: 'No disk.' });
      expect((await ada.get(`/api/instances/${id}`)).body).toMatchObject({
        failure: { code: 'NO_DISK', message: 'No disk.' },
      });
      const { body } = await ada.send('PUT', desktopOf(key), {});
      expect(body).toMatchObject({ id, state: 'REQUESTED', wanted: 'RUNNING', failure: null });
      expect((await quota()).usage.machines).toBe(1);
    });

    it('decides the quota anew', async () => {
      const { key, id } = await launched('p-anew');
      await bringTo(id, 'FAILED', { ...nothing });
      await limit(1);
      await launched('p-anew-other');
      expect((await ada.send('PUT', desktopOf(key), {})).body).toMatchObject({ code: 'QUOTA_EXCEEDED' });
      expect((await house.api.dataSource.manager.findOneByOrFail(InstanceEntity, { id })).state).toBe('FAILED');
      expect((await quota()).usage.machines).toBe(1);
    });

    it('counts a kept disk once', async () => {
      const { key, id } = await launched('p-kept');
      await house.api.dataSource.query('UPDATE quota_override SET storage_mib = 1024 WHERE subject_id = $1', [adaId]);
      await bringTo(id, 'STOPPED', { ...nothing, allocStorageMib: 1024 });
      expect((await ada.send('PUT', desktopOf(key), {})).body).toMatchObject({ id, state: 'REQUESTED' });
      await house.api.dataSource.query('UPDATE quota_override SET storage_mib = 1000000 WHERE subject_id = $1', [adaId]);
    });

    it('returns one that is going away as it is, and launches anew when it is gone', async () => {
      const { key, id } = await launched('p-going');
      await ada.send('DELETE', `/api/instances/${id}`);
      expect((await ada.send('PUT', desktopOf(key), {})).body).toMatchObject({ id, wanted: 'DELETED' });
      await bringTo(id, 'DELETED', { ...nothing });
      const { body } = await ada.send('PUT', desktopOf(key), {});
      expect(body).toMatchObject({ state: 'REQUESTED' });
      expect((body as InstanceView).id).not.toBe(id);
    });
  });
});
