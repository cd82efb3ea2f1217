import { RestoreRefused } from '@beamdesk/catalogue';
import type { ProposalDetail, RestoreView } from '@beamdesk/contracts';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from '../desktops/testing/desktop-app';

describe('restores over HTTP', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  let bo: TestBrowser;
  let key: string;
  let arrive: () => void = () => undefined;

  beforeAll(async () => {
    house = await createDesktopApp();
    ({ browser: ada } = await house.signedIn('ada'));
    ({ browser: bo } = await house.signedIn('bo'));
    const plain = { createdAt: null, sizeBytes: 10, fileCount: 1, sample: null, technique: null };
    key = house.catalogue.put({
      name: 'P',
      title: 'T',
      abstract: '',
      visits: [],
      team: [{ account: 'ada', name: 'Ada', affiliation: null, roles: ['PI'] }],
      datasets: [
        { ...plain, id: 'disk', name: 'disk', availability: 'online' },
        { ...plain, id: '20.500/tape', name: 'tape', availability: 'archived' },
        { ...plain, id: 'lost', name: 'lost', availability: 'unknown' },
      ],
    });
    house.catalogue.retrieve = () => new Promise((resolve) => (arrive = resolve));
  });
  afterAll(() => house.close());

  const ask = (browser: TestBrowser, datasets: unknown) =>
    browser.send('POST', `/api/proposals/${key}/restores`, { datasets });
  const codeOf = ({ status, body }: { status: number; body: unknown }) => [status, (body as { code?: string }).code];
  const where = async () => {
    const { datasets } = (await ada.get(`/api/proposals/${key}`)).body as ProposalDetail;
    return Object.fromEntries(datasets.map(({ name, availability }) => [name, availability]));
  };

  it('leaves strangers and everything they ask for alone', async () => {
    for (const datasets of [['20.500/tape'], [], undefined]) {
      expect(codeOf(await ask(bo, datasets))).toEqual([404, 'NOT_FOUND']);
    }
    expect(codeOf(await ask(ada, ['20.500/tape', 'of another proposal']))).toEqual([404, 'NOT_FOUND']);
    expect(await where()).toEqual({ disk: 'online', tape: 'archived', lost: 'unknown' });
  });

  it('is asked for by a member, and can be followed by members alone', async () => {
    const { status, body } = await ask(ada, ['20.500/tape', 'disk']);
    const { id, state } = body as RestoreView;
    expect([status, state]).toEqual([202, 'running']);
    expect(await where()).toEqual({ disk: 'online', tape: 'restoring', lost: 'unknown' });
    arrive();
    await new Promise(setImmediate);
    const url = `/api/proposals/${key}/restores/${id}`;
    expect((await ada.get(url)).body).toEqual({ id, datasets: ['20.500/tape', 'disk'], state: 'done' });
    expect((await bo.get(url)).status).toBe(404);
    expect((await ada.get(`/api/proposals/${key}/restores/unknown`)).status).toBe(404);
    expect((await where())['tape']).toBe('online');
  });

  it('is refused with a code of its own', async () => {
    expect(codeOf(await ask(ada, ['lost']))).toEqual([409, 'RESTORE_NOT_ARCHIVED']);
    const spy = jest.spyOn(house.catalogue, 'restore');
    for (const reason of ['unsupported', 'refused'] as const) {
      spy.mockRejectedValueOnce(new RestoreRefused(reason, 'in the log only'));
      const answer = await ask(ada, ['disk']);
      expect([codeOf(answer), answer.text.includes('log only')]).toEqual([
        [409, `RESTORE_${reason.toUpperCase()}`],
        false,
      ]);
    }
    spy.mockRestore();
    expect(codeOf(await ask(ada, undefined))).toEqual([400, 'RESTORE_WRONG_NUMBER']);
    for (const bad of ['disk', [''], Array(101).fill('x')]) {
      expect(codeOf(await ask(ada, bad))).toEqual([400, 'BAD_REQUEST']);
    }
  });

  it('waits for a catalogue that is down, which is never "no"', async () => {
    house.gate.reachable = false;
    const answer = await ask(ada, ['disk']);
    house.gate.reachable = true;
    expect(codeOf(answer)).toEqual([503, 'CATALOGUE_UNAVAILABLE']);
  });

  it('needs our page behind it', async () => {
    const answer = await ada.request('POST', `/api/proposals/${key}/restores`, { datasets: ['disk'] });
    expect(answer.status).toBe(403);
  });
});
