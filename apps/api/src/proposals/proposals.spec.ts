import type { ProposalDetail, ProposalsPage } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';

describe('proposals over HTTP', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  const keys: Record<string, string> = {};

  beforeAll(async () => {
    house = await createDesktopApp();
    ({ browser: ada } = await house.signedIn('ada'));
    for (const name of ['alpha', 'beta', 'gamma', 'MX/24 ü']) keys[name] = house.proposal(name, ['ada']);
    keys['elsewhere'] = house.proposal('elsewhere', ['ada'], { beamline: 'n3-sans' });
    keys['chens'] = house.proposal('chens', ['chen']);
  });

  afterAll(() => house.close());

  const list = async (query = '') => (await ada.get(`/api/proposals${query}`)).body as ProposalsPage;
  const names = async (query: string) => (await list(query)).items.map(({ name }) => name);

  it('answers with everything a row shows: desktop, plan, roles, and the quota', async () => {
    await ada.send('PUT', `/api/proposals/${keys['alpha']}/services/desktop`, {});
    const page = await list('?sort=name');
    expect(page).toMatchObject({ total: 5, offset: 0, limit: 20, quota: { usage: { machines: 1 } } });
    const alpha = page.items.find(({ name }) => name === 'alpha');
    expect(alpha).toMatchObject({
      key: keys['alpha'],
      myRoles: ['Principal investigator'],
      favourite: false,
      beamlines: [{ id: 'id11-diff', name: 'ID11', technique: 'Diffraction' }],
      visits: [{ id: '1', start: '2026-03-01T08:00:00.000Z', end: null }],
      desktop: { state: 'REQUESTED', role: 'OWNER' },
      plan: { id: 'tiny', needs: { machines: 1 } },
    });
    expect(page.items.find(({ name }) => name === 'beta')?.desktop).toBeNull();
    expect(page.items.find(({ name }) => name === 'elsewhere')?.plan).toBeNull();
  });

  it('foretells what a click would do: by the templates of the hosts, and how long it took before', async () => {
    const { dataSource } = house.api;
    const beta = async () => (await list('?search=beta')).items[0]?.launch;
    expect(await beta()).toBeNull();
    await dataSource.query(
      `INSERT INTO template (host_id, key, image_id, vcpus, memory_mib, disk_mib, protocol, position, state, state_since,
         wanted, failures, machines)
       VALUES ('local', 'k', 'tiny', 1, 512, 1024, 'vnc', 0, 'building', now(), true, 0, 0)`,
    );
    expect(await beta()).toEqual({
      path: 'cold',
      reason: 'Its prepared copy is being made right now.',
      expectedSeconds: null,
    });
    await dataSource.query(`UPDATE template SET state = 'ready'`);
    expect(await beta()).toEqual({ path: 'clone', reason: null, expectedSeconds: null });
    await dataSource.query('UPDATE template SET memory_mib = 1024');
    expect(await beta()).toBeNull();
    expect((await list('?search=elsewhere')).items[0]?.launch).toBeNull();
    await dataSource.query('DELETE FROM template');
  });

  it('asks the database as often for many rows as for one', async () => {
    const count = async (query: string) => {
      const spy = jest.spyOn(house.api.dataSource.driver, 'createQueryRunner');
      await list(query);
      const calls = spy.mock.calls.length;
      spy.mockRestore();
      return calls;
    };
    // Figures that all pages share are read beside them now and then.
    await list();
    const one = await count('?limit=1');
    expect(one).toBeGreaterThan(0);
    expect(await count('?limit=100')).toBe(one);
  });

  it('searches as one types, sorts and pages', async () => {
    expect(await names('?search=gam')).toEqual(['gamma']);
    expect(await names('?search=TITLE%20of%20be')).toEqual(['beta']);
    expect(await names('?sort=name&limit=2&offset=1')).toHaveLength(2);
    expect((await list('?sort=name&limit=2&offset=1')).total).toBe(5);
    expect(await names('?search=nothing-like-it')).toEqual([]);
  });

  it('refuses a query it does not know', async () => {
    for (const query of [
      '?limit=0',
      '?limit=1000',
      '?offset=-1',
      '?sort=colour',
      `?search=${'x'.repeat(201)}`,
      '?page=2',
    ]) {
      const { status, body } = await ada.get(`/api/proposals${query}`);
      expect([query, status, (body as { code: string }).code]).toEqual([query, 400, 'BAD_REQUEST']);
    }
  });

  it('keeps favourites: marked twice is marked once, first in their sort, alone when asked', async () => {
    for (let i = 0; i < 2; i++) {
      expect((await ada.send('PUT', `/api/proposals/${keys['gamma']}/favourite`)).status).toBe(204);
    }
    expect((await names('?sort=favourites'))[0]).toBe('gamma');
    expect(await names('?favourites=true')).toEqual(['gamma']);
    expect((await list('?search=gamma')).items[0]?.favourite).toBe(true);
    expect((await ada.send('DELETE', `/api/proposals/${keys['gamma']}/favourite`)).status).toBe(204);
    expect(await names('?favourites=true')).toEqual([]);
  });

  it('shows one proposal with its team and datasets, and no account names', async () => {
    const { status, body, text } = await ada.get(`/api/proposals/${keys['MX/24 ü']}`);
    expect(status).toBe(200);
    const detail = body as ProposalDetail;
    expect(detail).toMatchObject({ name: 'MX/24 ü', quota: { limits: { machines: 2 } } });
    expect(detail.team).toEqual([{ name: 'ada', affiliation: null, roles: ['Principal investigator'] }]);
    expect(detail.datasets).toEqual([expect.objectContaining({ id: 'plate', sizeBytes: 10, createdAt: null })]);
    expect(text).not.toContain('"account"');
  });

  it('knows nothing of what the person is not a member of, on every route', async () => {
    const foreign = [keys['chens'], 'demo:Lumina:unknown', 'no-key'];
    const answers = [];
    for (const key of foreign) {
      answers.push(await ada.get(`/api/proposals/${key}`));
      answers.push(await ada.send('PUT', `/api/proposals/${key}/favourite`));
      answers.push(await ada.send('DELETE', `/api/proposals/${key}/favourite`));
    }
    expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(404));
    expect(await names('?search=chens')).toEqual([]);
    expect(await house.api.dataSource.query('SELECT * FROM favourite')).toEqual([]);
  });

  it('shows what the catalogue showed last while it is down, and says so', async () => {
    const before = await list('?sort=name');
    expect([before.unavailable, before.missing]).toEqual([undefined, undefined]);
    house.gate.reachable = false;
    const page = await list('?sort=name');
    const found = await list('?search=gamma');
    const detail = await ada.get(`/api/proposals/${keys['alpha']}`);
    house.gate.reachable = true;
    expect(page).toEqual({ ...before, unavailable: ['demo'], observedAt: before.observedAt, quota: page.quota });
    expect(Date.parse(page.observedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect([found.total, found.items[0]?.name]).toEqual([1, 'gamma']);
    expect([detail.status, (detail.body as { code: string }).code]).toEqual([503, 'CATALOGUE_UNAVAILABLE']);
    expect((await list()).unavailable).toBeUndefined();
  });

  it('shows somebody whom it never answered nothing but that it is down', async () => {
    house.gate.reachable = false;
    const { browser } = await house.signedIn('newcomer');
    const { status, body } = await browser.get('/api/proposals');
    house.gate.reachable = true;
    expect([status, (body as { code: string }).code]).toEqual([503, 'CATALOGUE_UNAVAILABLE']);
  });

  it('shows nobody what the catalogue took back or showed to somebody else', async () => {
    const shared = house.proposal('shared', ['ada', 'eve']);
    const { browser: eve } = await house.signedIn('eve');
    const seen = async (browser: TestBrowser) => {
      const { items, total } = (await browser.get('/api/proposals?sort=name')).body as ProposalsPage;
      return [items.map(({ name }) => name), total];
    };
    expect(await seen(eve)).toEqual([['shared'], 1]);
    expect(await names('?search=shared')).toEqual(['shared']);
    house.catalogue.expel(shared, 'eve');
    expect((await eve.get(`/api/proposals/${shared}`)).status).toBe(404);
    house.gate.reachable = false;
    expect(await seen(eve)).toEqual([[], 0]);
    expect(await names('?search=shared')).toEqual(['shared']);
    house.gate.reachable = true;
    expect(await seen(eve)).toEqual([[], 0]);
  });

  it('gives an empty list to somebody the catalogue does not know', async () => {
    const { browser, userId } = await house.signedIn('stranger');
    await house.api.dataSource.query('DELETE FROM catalogue_account WHERE user_id = $1', [userId]);
    expect((await browser.get('/api/proposals')).body).toMatchObject({
      items: [],
      total: 0,
      quota: { usage: { machines: 0 } },
    });
  });
});
