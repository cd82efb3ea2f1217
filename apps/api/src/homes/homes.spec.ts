import type { HomeView } from '@beamdesk/contracts';
import { aMachineSpec, MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { createTestApp, type TestApp } from '../../test/app/test-app';
import type { TestBrowser } from '../../test/app/browser';
import { seedInstance } from '../sessions/testing/seed-instance';
import { Site } from '../site/site';
import { HomeMeasurer } from './home-measurer';

const MIB = 1024 * 1024;

describe('home folders', () => {
  let test: TestApp;
  let ada: { browser: TestBrowser; userId: string };
  let bo: { browser: TestBrowser; userId: string };
  let machines: MemoryHypervisor;
  let port = 5900;

  beforeAll(async () => {
    test = await createTestApp();
    [ada, bo] = [await test.signedIn('ada'), await test.signedIn('bo')];
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    machines = new MemoryHypervisor();
    Object.assign(test.app.get(Site).data, { home: { root: '/srv/homes', limitMib: 100 } });
    await test.dataSource.query('DELETE FROM instance; DELETE FROM home_use');
  });

  const homeOf = async ({ browser }: typeof ada) => (await browser.get('/api/home')).body as HomeView;
  const measure = () => new HomeMeasurer(test.dataSource, machines).measure('local');

  /** A desktop that has its owner's home folder, or an old one that has none. */
  async function desktop(userId: string, proposalKey: string, tag = 'home'): Promise<string> {
    const shares = [{ tag, hostPath: `/srv/homes/${userId}`, readOnly: false, limitMib: 100 }];
    const dataAccess = { shares, mounts: [], runAs: null, personName: 'x', timeZone: 'UTC' };
    const id = await seedInstance(test.app, userId, { proposalKey, dataAccess, consolePort: ++port });
    await machines.create(aMachineSpec({ id, shares, console: { protocol: 'vnc', port, password: 'sesame12' } }));
    return id;
  }

  it('are nobody’s where the site keeps none', async () => {
    Object.assign(test.app.get(Site).data, { home: null });
    expect(await homeOf(ada)).toEqual({ home: null });
  });

  it('have a limit before anybody has measured them', async () => {
    expect(await homeOf(ada)).toEqual({ home: { limitMib: 100, usedMib: null, measuredAt: null, full: false } });
  });

  it('are told of to their owner alone, however many desktops have them, and after the last of them too', async () => {
    await desktop(ada.userId, 'demo:Lumina:1');
    await desktop(ada.userId, 'demo:Lumina:2');
    machines.setUse(`/srv/homes/${ada.userId}`, 20 * MIB + 1);
    await measure();
    expect(await homeOf(ada)).toEqual({
      home: { limitMib: 100, usedMib: 21, measuredAt: expect.any(String), full: false },
    });
    expect((await homeOf(bo)).home?.usedMib).toBeNull();
    machines.setUse(`/srv/homes/${ada.userId}`, 100 * MIB);
    await measure();
    await test.dataSource.query('DELETE FROM instance');
    await measure();
    expect(await homeOf(ada)).toMatchObject({ home: { usedMib: 100, full: true } });
  });

  it('are measured where they are mounted, and on no other host', async () => {
    const id = await desktop(ada.userId, 'demo:Lumina:1', 'scratch');
    machines.setUse(`/srv/homes/${ada.userId}`, MIB);
    await measure();
    expect((await homeOf(ada)).home?.usedMib).toBeNull();
    await test.dataSource.query('DELETE FROM instance WHERE id = $1', [id]);
    await desktop(ada.userId, 'demo:Lumina:1');
    machines.setUse(`/srv/homes/${ada.userId}`, MIB);
    await new HomeMeasurer(test.dataSource, machines).measure('far');
    expect((await homeOf(ada)).home?.usedMib).toBeNull();
    await measure();
    expect((await homeOf(ada)).home?.usedMib).toBe(1);
  });

  it('are asked for by nobody who is not signed in', async () => {
    expect((await test.browser().get('/api/home')).status).toBe(401);
  });
});
