import { randomUUID } from 'node:crypto';
import type { InstanceView, QuotaView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { InstanceEntity } from './entities/instance.entity';
import { MemberEntity } from './entities/member.entity';

describe('instances over HTTP, with a worker', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  let bo: TestBrowser;
  let boId: string;

  beforeAll(async () => {
    house = await createDesktopApp({ worker: true });
    ({ browser: ada } = await house.signedIn('ada'));
    ({ browser: bo, userId: boId } = await house.signedIn('bo'));
    await house.api.dataSource.query(
      `UPDATE quota_limit SET machines = 10, vcpus = 10, memory_mib = 10240, storage_mib = 20480 WHERE subject_kind = 'role'`,
    );
  });

  afterAll(() => house.close());

  async function ready(name: string, team = ['ada', 'bo']): Promise<InstanceView> {
    const key = house.proposal(name, team);
    const { id } = (await ada.send('PUT', `/api/proposals/${key}/services/desktop`, {})).body as InstanceView;
    return until(ada, id, 'READY');
  }

  async function until(browser: TestBrowser, id: string, state: string): Promise<InstanceView> {
    for (const end = Date.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 20))) {
      const view = (await browser.get(`/api/instances/${id}`)).body as InstanceView;
      if (view.state === state) return view;
      if (Date.now() > end) throw new Error(`${id} is ${view.state}, not ${state}`);
    }
  }

  it('goes the whole way: click, ready, list, stop, everything given back', async () => {
    const before = (await ada.get('/api/quota')).body as QuotaView;
    const view = await ready('whole-way');
    expect(view).toMatchObject({ step: null, failure: null, unreachable: false, role: 'OWNER' });
    expect((await ada.get('/api/instances')).body).toEqual([expect.objectContaining({ id: view.id, state: 'READY' })]);
    const stopped = await ada.send('POST', `/api/instances/${view.id}/stop`);
    expect(stopped.status).toBe(200);
    expect(stopped.body).toMatchObject({ id: view.id, wanted: 'DELETED' });
    await until(ada, view.id, 'DELETED');
    expect((await ada.get('/api/instances')).body).toEqual([]);
    const after = (await ada.get('/api/quota')).body as QuotaView;
    expect([after.usage, after.available]).toEqual([before.usage, before.available]);
    // The time that it ran stays used.
    const minutes = ({ subjects: [own] }: QuotaView) => own?.usage.vcpuMinutes ?? 0;
    expect(minutes(after)).toBeGreaterThan(minutes(before));
    expect(await house.machines.list()).toEqual([]);
    expect((await ada.send('POST', `/api/instances/${view.id}/stop`)).status).toBe(200);
  });

  it('shows nobody else anything: same proposal or not, 404 before any effect', async () => {
    const { id } = await ready('others');
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/stop'],
      ['DELETE', ''],
    ] as const) {
      const unknown = `/api/instances/${randomUUID()}${path}`;
      const answers = [];
      for (const url of [`/api/instances/${id}${path}`, unknown]) {
        answers.push(method === 'GET' ? await bo.get(url) : await bo.send(method, url));
      }
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
      expect(answers.map(({ body }) => ({ ...(body as object), requestId: '' }))[0]).toEqual({
        ...(answers[1]?.body as object),
        requestId: '',
      });
    }
    expect((await bo.get('/api/instances')).body).toEqual([]);
    const row = await house.api.dataSource.manager.findOneByOrFail(InstanceEntity, { id });
    expect([row.wanted, row.state]).toEqual(['RUNNING', 'READY']);
  });

  it('lets a guest look and nothing else', async () => {
    const { id } = await ready('guest');
    await house.api.dataSource.manager.insert(MemberEntity, { instanceId: id, userId: boId, role: 'GUEST' });
    expect((await bo.get(`/api/instances/${id}`)).body).toMatchObject({ id, role: 'GUEST' });
    expect((await bo.send('POST', `/api/instances/${id}/stop`)).body).toMatchObject({ code: 'NOT_ALLOWED' });
    expect((await bo.send('DELETE', `/api/instances/${id}`)).status).toBe(403);
    expect((await house.api.dataSource.manager.findOneByOrFail(InstanceEntity, { id })).wanted).toBe('RUNNING');
    expect((await bo.get('/api/quota')).body).toMatchObject({ usage: { machines: 0 } });
  });

  it('sends no console address, port or secret to a browser', async () => {
    const create = jest.spyOn(house.machines, 'create');
    const { id } = await ready('secrets');
    const spec = create.mock.calls.at(-1)?.[0];
    await ada.get('/api/instances');
    await ada.get('/api/proposals');
    const row = await house.api.dataSource.manager.findOneByOrFail(InstanceEntity, { id });
    const received = ada.received.join('\n');
    expect(spec?.console.password).toHaveLength(8);
    expect(received).not.toContain(spec?.console.password);
    expect(received).not.toContain(String(row.consolePort));
    expect(received).not.toContain('console');
    expect(received).not.toContain(house.api.config.dataDir);
  });

  it('refuses malformed ids and puts a failed desktop away', async () => {
    expect((await ada.get('/api/instances/42')).status).toBe(400);
    expect((await ada.send('DELETE', '/api/instances/42')).status).toBe(400);
    const { id } = await ready('crash');
    house.machines.crash(id);
    const failed = await until(ada, id, 'FAILED');
    expect(failed).toMatchObject({ failure: { code: 'MACHINE_CRASHED' }, allocation: { machines: 0, storageMib: 0 } });
    await ada.send('DELETE', `/api/instances/${id}`);
    await until(ada, id, 'DELETED');
  });
});
