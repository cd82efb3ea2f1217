import { type TemplatesView, templatesView } from '@beamdesk/contracts';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { until } from '../events/testing/until';

describe('templates over HTTP, with a worker', () => {
  let house: DesktopApp;

  beforeAll(async () => {
    house = await createDesktopApp({ worker: true });
  });
  afterAll(() => house.close());

  async function shown(): Promise<TemplatesView['items']> {
    const { browser } = await house.signedIn(`staff${Math.random()}`, ['STAFF']);
    return until(async () => {
      const { items } = templatesView.parse((await browser.get('/api/templates')).body);
      return items.length > 0 && items;
    });
  }

  it.each([['STAFF'], ['SUPPORT'], ['ADMIN']] as const)(
    'shows them to %s, with the plans that use them',
    async (role) => {
      await shown();
      const { browser } = await house.signedIn(`who-${role}`, [role]);
      const { status, body } = await browser.get('/api/templates');
      expect(status).toBe(200);
      expect((body as TemplatesView).items).toMatchObject([
        {
          hostId: 'local',
          imageId: 'tiny',
          imageName: 'Tiny',
          plans: ['Tiny'],
          flavour: { vcpus: 1, memoryMib: 512, diskMib: 1024 },
          state: 'ready',
          wanted: true,
        },
      ]);
    },
  );

  it('shows them to nobody else, and lets admins alone rebuild', async () => {
    const [{ key } = { key: '' }] = await shown();
    const url = `/api/templates/local/${encodeURIComponent(key)}/rebuild`;
    const rebuild = jest.spyOn(house.machines, 'rebuildTemplate');
    const { browser: user } = await house.signedIn('user-1', ['USER']);
    expect(await user.get('/api/templates')).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    for (const role of ['USER', 'STAFF', 'SUPPORT'] as const) {
      const { browser } = await house.signedIn(`rebuilds-${role}`, [role]);
      expect(await browser.send('POST', url)).toMatchObject({ status: 403, body: { code: 'NOT_ALLOWED' } });
    }
    expect(rebuild).not.toHaveBeenCalled();
    const { browser: admin } = await house.signedIn('admin-1', ['ADMIN']);
    expect((await admin.send('POST', url)).status).toBe(202);
    await until(() => rebuild.mock.calls.length > 0);
    expect(rebuild.mock.calls).toEqual([[key]]);
    expect(await admin.send('POST', '/api/templates/local/no-such/rebuild')).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  });
});
