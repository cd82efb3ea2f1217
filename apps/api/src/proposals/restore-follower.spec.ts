import type { RestoreView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';
import { EventTab } from '../events/testing/event-tab';
import { until } from '../events/testing/until';
import { FollowedRestores } from './followed-restores';
import { RestoreFollower } from './restore-follower';

describe('following restores', () => {
  let house: DesktopApp;
  let ada: { browser: TestBrowser; userId: string };
  let bo: { browser: TestBrowser; userId: string };
  let key: string;
  let arrive: (state?: 'done' | 'failed') => void = () => undefined;
  const tabs: EventTab[] = [];

  beforeAll(async () => {
    house = await createDesktopApp();
    ada = await house.signedIn('ada');
    bo = await house.signedIn('bo');
    const plain = { createdAt: null, sizeBytes: 10, fileCount: 1, sample: null, technique: null };
    const tapes = ['one', 'two', 'three', 'four'].map((id) => ({
      ...plain,
      id,
      name: id,
      availability: 'archived' as const,
    }));
    const member = (account: string) => ({ account, name: account, affiliation: null, roles: ['PI'] });
    key = house.catalogue.put({
      name: 'P',
      title: 'T',
      abstract: '',
      visits: [],
      team: [member('ada'), member('bo')],
      datasets: tapes,
    });
    house.catalogue.retrieve = () =>
      new Promise((resolve, reject) => {
        arrive = (state = 'done') => (state === 'done' ? resolve() : reject(new Error('the tape broke')));
      });
  });
  afterEach(async () => {
    tabs.splice(0).forEach((tab) => tab.socket.terminate());
    house.gate.reachable = true;
    await house.api.dataSource.query('DELETE FROM followed_restore');
  });
  afterAll(() => house.close());

  const opened = async ({ browser }: { browser: TestBrowser }) => {
    const tab = new EventTab(house.api.url, browser.cookies());
    tabs.push(tab);
    await until(() => tab.last);
    return tab;
  };
  const ask = async (dataset: string) => {
    const { body } = await ada.browser.send('POST', `/api/proposals/${key}/restores`, { datasets: [dataset] });
    return (body as RestoreView).id;
  };
  /** As if their time had come. */
  const follow = async () => {
    await house.api.dataSource.query('UPDATE followed_restore SET ask_at = now() WHERE ask_at IS NOT NULL');
    await house.api.app.get(RestoreFollower).sweep();
  };
  const rows = (): Promise<{ state: string; waits: boolean; wait: number }[]> =>
    house.api.dataSource.query(
      'SELECT state, ask_at IS NOT NULL AS waits, wait_seconds AS wait FROM followed_restore ORDER BY request_id',
    );

  it('tells every tab of whoever asked, once, and nobody else', async () => {
    const [first, second, bos] = [await opened(ada), await opened(ada), await opened(bo)];
    const id = await ask('one');
    await follow();
    arrive();
    await new Promise(setImmediate);
    await follow();
    await until(() => first.restores.length + second.restores.length === 2);
    const told = { type: 'restore', proposalKey: key, restore: { id, datasets: ['one'], state: 'done' } };
    expect([first.restores, second.restores]).toEqual([[told], [told]]);
    await follow();
    const marker = await ask('two');
    arrive('failed');
    await new Promise(setImmediate);
    await follow();
    await until(() => first.restores.length === 2);
    expect(first.restores[1]).toMatchObject({ restore: { id: marker, state: 'failed' } });
    expect(bos.restores).toEqual([]);
  });

  it('asks ever more rarely, and goes on when the catalogue is down or we were killed', async () => {
    await ask('three');
    const waits: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      waits.push((await rows())[0]?.wait);
      await follow();
    }
    expect(waits).toEqual([5, 10, 20, 40, 60]);
    house.gate.reachable = false;
    await follow();
    expect(await rows()).toEqual([{ state: 'running', waits: true, wait: 60 }]);
    house.gate.reachable = true;
    arrive();
    await new Promise(setImmediate);
    // A process that claimed it and was killed: the next one takes it when its time comes again.
    expect(await house.api.app.get(FollowedRestores).due()).toEqual([]);
    await follow();
    expect(await rows()).toEqual([{ state: 'done', waits: false, wait: 60 }]);
  });

  it('tells nothing to somebody who is no longer a member', async () => {
    const tab = await opened(ada);
    await ask('four');
    house.catalogue.expel(key, 'ada');
    arrive();
    await new Promise(setImmediate);
    await follow();
    expect(await rows()).toEqual([]);
    expect(tab.restores).toEqual([]);
  });
});
