import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { CopiedProposals } from './copied-proposals';
import { CopyKeeper } from './copy-keeper';

describe('keeping copies of those who are signed in', () => {
  let house: DesktopApp;
  let keeper: CopyKeeper;

  beforeAll(async () => {
    house = await createDesktopApp();
    keeper = house.api.app.get(CopyKeeper);
    house.proposal('alpha', ['ada', 'bo']);
  });
  afterAll(() => house.close());

  const ageOf = async (name: string) => {
    const account = { catalogue: 'demo', name, groups: [] };
    return (await house.api.app.get(CopiedProposals).standing([account]))[0]?.ageMs ?? null;
  };
  const until = async (isSo: () => Promise<boolean>) => {
    const end = Date.now() + 10_000;
    while (!(await isSo())) {
      if (Date.now() > end) throw new Error('it never was');
      await new Promise((later) => setTimeout(later, 20));
    }
  };
  const old = () => house.api.dataSource.query(`UPDATE catalogue_copy SET observed_at = now() - interval '1 hour'`);

  it('begins with the sign-in, before anything is listed', async () => {
    await house.signedIn('ada');
    await until(async () => (await ageOf('ada')) !== null);
    const [copy] = await house.api.dataSource.query<unknown[]>(`SELECT account, proposals FROM catalogue_copy`);
    expect(copy).toEqual({ account: 'ada', proposals: 1 });
  });

  it('lets nobody wait for a catalogue that is down', async () => {
    house.gate.reachable = false;
    const { browser } = await house.signedIn('chen');
    house.gate.reachable = true;
    expect((await browser.get('/api/session')).status).toBe(200);
    expect(await ageOf('chen')).toBeNull();
  });

  it('goes on by age, for those who are signed in', async () => {
    const bo = await house.signedIn('bo');
    await until(async () => (await ageOf('bo')) !== null);
    await bo.browser.send('POST', '/api/auth/sign-out', {});
    await old();
    await keeper.sweep();
    expect(await ageOf('ada')).toBeLessThan(60_000);
    expect(await ageOf('bo')).toBeGreaterThan(3_000_000);
    const asked = jest.spyOn(house.gate, 'search');
    await keeper.sweep();
    expect(asked.mock.calls.filter(([account]) => account.name === 'ada')).toEqual([]);
    asked.mockRestore();
  });

  it('asks a catalogue that gives no answer once, not for everybody', async () => {
    await house.signedIn('dee');
    await until(async () => (await ageOf('dee')) !== null);
    await old();
    house.gate.reachable = false;
    const asked = jest.spyOn(house.gate, 'search');
    await keeper.sweep();
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
    house.gate.reachable = true;
    await keeper.sweep();
    expect([await ageOf('ada'), await ageOf('dee')].every((age) => age !== null && age < 60_000)).toBe(true);
  });
});
