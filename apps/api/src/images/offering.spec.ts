import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageView, InstanceView, PlanAdminView, ProposalDetail, Role, SoftwarePage } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { TEST_SITE } from '../../test/app/test-site';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { until } from '../events/testing/until';
import { SiteTables } from '../site/site-tables';
import { contentFile } from './image-folders';

const SITE = TEST_SITE.replace(
  '  - { id: id11-diff, name: ID11, technique: Diffraction }',
  `  - { id: id11-diff, name: ID11, technique: Diffraction }
  - { id: bm18-tomo, name: BM18, technique: Tomography }
techniques:
  - { id: tomography, name: tomography }`,
);

describe('an image of an admin, from its offering to the desktop', () => {
  let house: DesktopApp;
  let admin: TestBrowser;
  let ada: TestBrowser;
  let bo: TestBrowser;
  let adaId: string;
  let key: string;
  let elsewhere: string;

  beforeAll(async () => {
    house = await createDesktopApp({ worker: true, site: SITE });
    key = house.proposal('P-1', ['ada', 'bo']);
    elsewhere = house.proposal('P-2', ['ada', 'bo'], { beamline: 'bm18-tomo' });
    ({ browser: admin } = await house.signedIn('root', ['ADMIN']));
    ({ browser: ada, userId: adaId } = await house.signedIn('ada'));
    ({ browser: bo } = await house.signedIn('bo'));
    await admin.send('POST', '/api/images', { id: 'ours', name: 'Ours' });
    await addVersion(1, 'a');
    await addVersion(2, 'b');
  });
  afterAll(() => house.close());

  /** As the intake leaves it. */
  async function addVersion(number: number, letter: string): Promise<void> {
    const sha256 = letter.repeat(64);
    const { api } = house;
    const file = contentFile(api.config.dataDir, sha256, 'disk');
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, letter);
    const setup = {
      kind: 'script',
      text: 'echo $BEAMDESK_VALUE_GREETING',
      values: [{ name: 'greeting', description: 'What it says', value: 'hello' }],
    };
    await api.dataSource.query(
      `INSERT INTO image_version (image_id, number, state, source, sha256, boot, protocol, agent, setup, software, virtual_mib)
       VALUES ('ours', $1, 'draft', '{"kind": "file", "name": "x"}', $2, '{"kind": "disk"}', 'vnc', true, $3, $4, 3000)`,
      [number, sha256, JSON.stringify(setup), JSON.stringify([{ name: 'PyMca', version: `5.${number}` }])],
    );
  }

  const patch = async (path: string, body: object) => {
    const { csrfToken } = (await admin.get('/api/session')).body as { csrfToken: string };
    return admin.request('PATCH', path, body, { Origin: house.api.url, 'X-CSRF-Token': csrfToken });
  };
  const version = (number: number, what: string) => admin.send('POST', `/api/images/ours/versions/${number}/${what}`, {});
  const offered = async (browser: TestBrowser, at = key) =>
    ((await browser.get(`/api/proposals/${at}`)).body as ProposalDetail).offers.map(({ plan }) => plan.id);
  const launch = (browser: TestBrowser, at = key) =>
    browser.send('PUT', `/api/proposals/${at}/services/desktop`, { plan: 'ours' });
  const PLAN = {
    ...{ id: 'ours', name: 'Ours', description: 'For tests', image: 'ours', flavour: 'small', lifetimeMinutes: 60 },
    ...{ keepsDisk: false, beamlines: ['id11-diff', 'bm18-tomo'], imageValues: { greeting: 'good day', other: 'x' } },
  };

  it('is offered nowhere before it is active, whatever plan names it', async () => {
    const made = await admin.send('POST', '/api/plans', PLAN);
    expect(made).toMatchObject({ status: 201, body: { origin: 'admin', unavailable: 'Its image has no active version.' } });
    expect(await offered(ada)).toEqual(['tiny']);
    expect(await launch(ada)).toMatchObject({ status: 409, body: { code: 'NOT_OFFERED' } });
    await version(1, 'activate');
    expect(await offered(ada)).toEqual(['tiny', 'ours']);
  });

  it('is offered where its offering says, and refused at the click elsewhere', async () => {
    await patch('/api/images/ours', { offering: { beamlines: ['bm18-tomo'], techniques: [], groups: [] } });
    expect([await offered(ada), await offered(ada, elsewhere)]).toEqual([['tiny'], ['ours']]);
    expect(await launch(ada)).toMatchObject({ status: 409, body: { code: 'NOT_OFFERED' } });
    await patch('/api/images/ours', { offering: { beamlines: [], techniques: ['tomography'], groups: [] } });
    expect([await offered(ada), await offered(ada, elsewhere)]).toEqual([['tiny'], ['ours']]);
  });

  it('is offered to groups of people alone where it names some', async () => {
    await house.api.dataSource.query(`UPDATE identity SET groups = '{"xrays"}' WHERE user_id = $1`, [adaId]);
    await patch('/api/images/ours', { offering: { beamlines: [], techniques: [], groups: ['xrays', 'others'] } });
    expect([await offered(ada), await offered(bo)]).toEqual([['tiny', 'ours'], ['tiny']]);
    expect(await launch(bo)).toMatchObject({ status: 409, body: { code: 'NOT_OFFERED' } });
    const names = async (browser: TestBrowser, query = '') =>
      ((await browser.get(`/api/software${query}`)).body as SoftwarePage).items.map(({ name, versions }) => [name, ...versions]);
    expect([await names(ada), await names(bo)]).toEqual([[['PyMca', '5.1']], []]);
    expect([await names(ada, '?q=pymca'), await names(ada, '?q=silx')]).toEqual([[['PyMca', '5.1']], []]);
    await patch('/api/images/ours', { offering: { beamlines: [], techniques: [], groups: [] } });
  });

  it('keeps the version of the click: another one active changes nothing of a desktop that runs', async () => {
    const create = jest.spyOn(house.machines, 'create');
    const launched = await launch(ada);
    expect(launched).toMatchObject({ status: 200, body: { plan: { id: 'ours', needs: { storageMib: 3000 } } } });
    const { id } = launched.body as InstanceView;
    const specOf = (wanted: string) => create.mock.calls.map(([spec]) => spec).find((spec) => spec.id === wanted);
    await until(() => specOf(id));
    expect(specOf(id)?.image).toMatchObject({ id: 'ours', sha256: 'a'.repeat(64) });
    await version(2, 'activate');
    const wanted = async () =>
      (await house.machines.templates()).filter(({ imageId, wanted }) => imageId === 'ours' && wanted).length;
    await until(async () => (await wanted()) === 1);
    expect((await ada.get(`/api/instances/${id}`)).body).toMatchObject({ state: expect.stringMatching(/STARTING|READY|BUILDING/) });
    const [row] = await house.api.dataSource.query<{ plan_snapshot: object }[]>('SELECT plan_snapshot FROM instance WHERE id = $1', [id]);
    expect(row?.plan_snapshot).toMatchObject({ imageVersion: 1, bootScript: { values: { greeting: 'good day' } } });
    const other = (await launch(bo)).body as InstanceView;
    await until(() => specOf(other.id));
    expect(specOf(other.id)?.image.sha256).toBe('b'.repeat(64));
    // Held by what runs.
    const held = await admin.send('DELETE', '/api/images/ours/versions/1');
    expect(held).toMatchObject({ status: 409, body: { code: 'IMAGE_IN_USE', details: { desktops: 1 } } });
    // A plan may go while its desktops run.
    expect((await admin.send('DELETE', '/api/plans/ours')).status).toBe(204);
    expect(await offered(ada)).toEqual(['tiny']);
    expect((await ada.get(`/api/instances/${id}`)).body).toMatchObject({ plan: { id: 'ours', name: 'Ours' } });
    await admin.send('POST', '/api/plans', PLAN);
  });

  it('retired, is not offered for new launches', async () => {
    await version(2, 'retire');
    expect(await offered(bo)).toEqual(['tiny']);
    await version(2, 'activate');
  });

  describe('tried', () => {
    it('runs for the admin alone, once, counted and marked, and is nobody else’s', async () => {
      const [first, second] = await Promise.all([version(1, 'try'), version(1, 'try')]);
      expect([first.status, second.status]).toEqual([200, 200]);
      const trial = first.body as InstanceView;
      expect((second.body as InstanceView).id).toBe(trial.id);
      expect(trial).toMatchObject({ service: 'trial', proposalName: 'Trial', proposalTitle: 'Ours, version 1', role: 'OWNER' });
      expect(trial.allocation).toMatchObject({ machines: 1, storageMib: 3000 });
      const list = (await admin.get('/api/instances')).body as { items: InstanceView[] } | InstanceView[];
      expect((Array.isArray(list) ? list : list.items).map(({ id }) => id)).toContain(trial.id);
      const { versions } = (await admin.get('/api/images/ours')).body as ImageView;
      expect(versions.find(({ number }) => number === 1)?.trial).toBe(trial.id);
      const { browser: eve } = await house.signedIn(`eve${Math.random()}`, ['ADMIN']);
      for (const browser of [eve, ada]) {
        expect(await browser.get(`/api/instances/${trial.id}`)).toMatchObject({ status: 404 });
        expect(await browser.send('POST', `/api/instances/${trial.id}/tickets`)).toMatchObject({ status: 404 });
        expect(await browser.send('DELETE', `/api/instances/${trial.id}`)).toMatchObject({ status: 404 });
      }
      const seen = ((await eve.get('/api/images/ours')).body as ImageView).versions;
      expect(seen.every((one) => one.trial === null)).toBe(true);
      expect(((await admin.get('/api/proposals')).body as { items: unknown[] }).items).toEqual([]);
      const [row] = await house.api.dataSource.query<{ data_access: object }[]>('SELECT data_access FROM instance WHERE id = $1', [trial.id]);
      expect(row?.data_access).toMatchObject({ shares: [], mounts: [] });
    });

    it('names no proposal that anybody could launch', async () => {
      const answer = await admin.send('PUT', '/api/proposals/trial:ours:1/services/desktop', {});
      expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    });

    it('is refused while there is nothing to boot', async () => {
      await house.api.dataSource.query(
        `INSERT INTO image_version (image_id, number, state, source, boot, protocol, agent)
         VALUES ('ours', 9, 'failed', '{"kind": "file", "name": "x"}', '{"kind": "disk"}', 'vnc', false)`,
      );
      expect(await version(9, 'try')).toMatchObject({ status: 409, body: { code: 'NOT_READY' } });
      expect(await version(8, 'try')).toMatchObject({ status: 404 });
    });
  });

  describe('plans and flavours', () => {
    const plan = (id: string, given: object = {}) => admin.send('POST', '/api/plans', { ...PLAN, id, ...given });

    it('of the site file are read-only', async () => {
      const refused = { status: 409, body: { code: 'FROM_SITE_FILE' } };
      expect(await patch('/api/plans/tiny', { name: 'Other' })).toMatchObject(refused);
      expect(await admin.send('DELETE', '/api/plans/tiny')).toMatchObject(refused);
      expect(await patch('/api/flavours/small', { vcpus: 2 })).toMatchObject(refused);
      expect(await patch('/api/images/tiny', { name: 'Other' })).toMatchObject(refused);
      expect(await admin.send('POST', '/api/images/tiny/versions/1/retire')).toMatchObject(refused);
      expect(await plan('tiny')).toMatchObject({ status: 409, body: { code: 'ID_TAKEN' } });
    });

    it('have one preset at each beamline', async () => {
      expect(await plan('preset', { preset: true, beamlines: ['bm18-tomo'] })).toMatchObject({ status: 201 });
      const second = await plan('second', { preset: true });
      expect(second).toMatchObject({ status: 409, body: { code: 'PRESET_TAKEN' } });
      const third = await plan('third', { preset: true, beamlines: ['bm18-tomo'] });
      expect(third).toMatchObject({ status: 409, body: { code: 'PRESET_TAKEN', details: { plan: 'preset' } } });
      expect(await patch('/api/plans/preset', { preset: false })).toMatchObject({ status: 200, body: { preset: false } });
      expect(await plan('third', { preset: true, beamlines: ['bm18-tomo'] })).toMatchObject({ status: 201 });
    });

    it('refuse what the site does not have, and too few GPUs', async () => {
      expect(await plan('x', { image: 'gone' })).toMatchObject({ status: 400, body: { code: 'UNKNOWN_REFERENCE' } });
      expect(await plan('x', { flavour: 'gone' })).toMatchObject({ status: 400, body: { code: 'UNKNOWN_REFERENCE' } });
      expect(await plan('x', { beamlines: ['gone'] })).toMatchObject({ status: 400, body: { code: 'UNKNOWN_REFERENCE' } });
      expect(await plan('x', { beamlines: [] })).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
      await house.api.dataSource.query(`UPDATE image_version SET gpus = 1 WHERE image_id = 'ours' AND number = 2`);
      expect(await plan('x')).toMatchObject({ status: 409, body: { code: 'TOO_FEW_GPUS' } });
      // Plans from before are not offered with it either.
      expect(await offered(bo)).not.toContain('ours');
      await house.api.dataSource.query(`UPDATE image_version SET gpus = 0 WHERE image_id = 'ours'`);
    });

    it('are changed for new launches, and a flavour stays while a plan names it', async () => {
      await admin.send('POST', '/api/flavours', { id: 'wide', vcpus: 4, memoryMib: 1024, diskMib: 2048 });
      const changed = await patch('/api/plans/ours', { flavour: 'wide', idleMinutes: 30, network: 'outbound' });
      expect(changed).toMatchObject({ status: 200, body: { flavour: 'wide', idleMinutes: 30, network: 'outbound' } });
      const { body } = await ada.get(`/api/proposals/${elsewhere}`);
      const offer = (body as ProposalDetail).offers.find((one) => one.plan.id === 'ours');
      expect(offer?.plan).toMatchObject({ idleMinutes: 30, network: 'outbound', needs: { vcpus: 4 } });
      expect(await admin.send('DELETE', '/api/flavours/wide')).toMatchObject({
        status: 409,
        body: { code: 'FLAVOUR_IN_USE', details: { plans: 1 } },
      });
      await patch('/api/plans/ours', { flavour: 'small' });
      expect((await admin.send('DELETE', '/api/flavours/wide')).status).toBe(204);
    });

    it('come in the order in which they are offered, and stay when the site file is read again', async () => {
      await house.api.app.get(SiteTables).fill();
      const plans = (await admin.get('/api/plans')).body as { items: PlanAdminView[] };
      expect(plans.items.map(({ id, origin }) => [id, origin])).toEqual([
        ['tiny', 'site'],
        ['ours', 'admin'],
        ['preset', 'admin'],
        ['third', 'admin'],
      ]);
    });

    it.each<Role>(['USER', 'STAFF', 'SUPPORT'])('are not for %s', async (role) => {
      const { browser } = await house.signedIn(`who-${role}`, [role]);
      for (const path of ['/api/plans', '/api/flavours', '/api/images']) {
        expect(await browser.get(path)).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
      }
      expect(await browser.send('DELETE', '/api/plans/ours')).toMatchObject({ status: 403 });
    });
  });
});
