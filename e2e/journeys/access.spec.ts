import { Browser } from 'playwright-core';
import type { ErrorBody, InstanceView, ProposalView } from '@beamdesk/contracts';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(300_000);

interface OpenApi {
  paths: Record<string, Record<string, unknown>>;
}

/** Two people of one team, one of another, one who is authorised for nothing, and a stranger, at every route. */
describe('who may see and do what', () => {
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let bo: Visitor;
  let chen: Visitor;
  let eve: Visitor;
  let stranger: Visitor;
  let proposal: ProposalView;
  let desktop: InstanceView;
  let routes: { method: 'GET' | 'PUT' | 'POST' | 'DELETE'; path: string }[];

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    browser = await launchBrowser();
    [ada, bo, chen, eve, stranger] = await Promise.all(
      Array.from({ length: 5 }, () => Visitor.arrive(browser, installation)),
    ) as [Visitor, Visitor, Visitor, Visitor, Visitor];
    await ada.signIn('ada');
    await bo.signIn('bo');
    await chen.signIn('chen');
    await eve.signIn('eve');
    proposal = (await ada.proposals('?search=20260301')).items[0] as ProposalView;
    const launched = await ada.send('PUT', `/api/proposals/${proposal.key}/services/desktop`, {});
    expect(launched.status()).toBe(200);
    desktop = (await launched.json()) as InstanceView;
    await until(async () => (await ada.instances())[0]?.state === 'READY', 120_000, () => 'READY');
    const openapi = await stranger.get<OpenApi>('/api/openapi.json');
    routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase() as 'GET', path })),
    );
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  /** What a route takes where an empty object is none: a malformed body is refused before anybody is asked for. */
  const bodyOf = (path: string): object => {
    if (path.endsWith('/display')) return { width: 800, height: 600 };
    if (path.endsWith('/extend')) return { from: new Date().toISOString() };
    return path.endsWith('/files/folders') ? { path: '/scratch/planted' } : {};
  };
  const call = async (who: Visitor, method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string) => {
    const answer = method === 'GET' ? await who.request.get(path) : await who.send(method, path, bodyOf(path));
    return { status: answer.status(), body: (await answer.json().catch(() => null)) as ErrorBody | null };
  };
  const filled = (path: string) =>
    (path.startsWith('/api') ? path : `/api${path}`)
      .replace(/\{key\}/g, proposal.key)
      .replace(/\{id\}/g, desktop.id)
      .replace(/\{service\}/g, 'desktop');
  /** Templates, people, requests of others, roles, invitations and the audit are the staff's; they name nothing of a team. */
  const isStaffs = (path: string) =>
    !isPublic(path) &&
    /\/(announcements|monitor|quotas|gpus|templates|images|uploads|plans|flavours|people|authorisation-requests|authorisations|invitations|audit|for-staff|decision)(\/|$)/.test(path);
  const isPublic = (path: string) => /\/(session|health|ready|openapi\.json|announcements\/current|auth\/.*|events)$/.test(path);
  /** One's own authorisation, account and sign-ins at catalogues are there for everybody with a login. */
  const isOwn = (path: string) => /\/(authorisation|account|catalogue-sessions)(\/|$)/.test(path);
  const naming = () => routes.filter(({ path }) => /\{(key|id)\}/.test(path) && !isStaffs(path));

  it('knows the routes that name a proposal or an instance', () => {
    expect(naming().length).toBeGreaterThanOrEqual(8);
  });

  it("shows a second user of the team the proposal, but nothing of the first one's desktop", async () => {
    const seen = (await bo.proposals('?search=20260301')).items[0];
    expect(seen?.key).toBe(proposal.key);
    expect(seen?.desktop).toBeNull();
    expect(await bo.instances()).toEqual([]);
    for (const { method, path } of naming().filter((route) => route.path.includes('{id}'))) {
      expect({ path, method, ...(await call(bo, method, filled(path))) }).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    }
  });

  it('answers a user of another team 404 on every route that names the proposal or the desktop', async () => {
    expect((await chen.proposals('?search=20260301')).items).toEqual([]);
    for (const { method, path } of naming()) {
      expect({ path, method, ...(await call(chen, method, filled(path))) }).toMatchObject({
        status: 404,
        body: { code: 'NOT_FOUND' },
      });
    }
  });

  it('shows templates, requests of others, roles and the audit to nobody but the staff', async () => {
    const staffs = routes.filter(({ path }) => isStaffs(path));
    expect(staffs.length).toBeGreaterThanOrEqual(7);
    for (const { method, path } of staffs) {
      expect({ path, method, ...(await call(bo, method, filled(path))) }).toMatchObject({
        status: 403,
        body: { code: 'NOT_ALLOWED' },
      });
    }
  });

  it('answers one who is authorised for nothing 403, and a stranger 401, on every route that is not public', async () => {
    const closed = routes.filter(({ path }) => !isPublic(path));
    for (const { method, path } of closed) {
      if (!isOwn(path)) {
        expect({ path, method, ...(await call(eve, method, filled(path))) }).toMatchObject({
          status: 403,
          body: { code: 'NOT_AUTHORISED' },
        });
      }
      expect({ path, method, ...(await call(stranger, method, filled(path))) }).toMatchObject({
        status: 401,
        body: { code: 'NOT_SIGNED_IN' },
      });
    }
  });

  it('has changed nothing by all that', async () => {
    const [instance] = await ada.instances();
    expect(instance).toMatchObject({ id: desktop.id, state: 'READY', wanted: 'RUNNING' });
    expect(installation.machinePids()).toHaveLength(1);
  });

  it('tells the one who is authorised for nothing so, and whom to ask', async () => {
    await eve.page.goto('/');
    await eve.page.getByText(/not authorised/i).first().waitFor();
    const { contact } = (await eve.session()).facility;
    expect(await eve.page.locator('main').innerText()).toContain(contact);
  });
});
