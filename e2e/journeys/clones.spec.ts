import { rmSync } from 'node:fs';
import { Browser } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { Crowd, CROWD_ADMIN, makeCrowd } from '../fixtures/crowd';
import { readWord } from '../harness/cells';
import { Installation } from '../harness/installation';
import { Ledger } from '../harness/ledger';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Screen } from '../harness/screen';
import { settledTemplates } from '../harness/templates';

jest.setTimeout(600_000);

/** So many want a desktop at the same time, and the host has room for so many. */
const PEOPLE = 24;
const ROOM = 20;

interface Guest {
  client: PortalClient;
  /** What their guest has to show: the digits of their own id. */
  word: string;
  desktop: InstanceView;
}

describe('a crowd that clicks at the same time', () => {
  let crowd: Crowd;
  let installation: Installation;
  let browser: Browser;
  let clients: PortalClient[];
  let key: string;
  let guests: Guest[];

  beforeAll(async () => {
    crowd = makeCrowd(PEOPLE, ROOM);
    installation = await Installation.start({ env: crowd.env, readyWithinMs: 600_000 });
    browser = await launchBrowser();
    const admin = await PortalClient.signIn(installation.url, CROWD_ADMIN);
    const templates = await settledTemplates(admin, 180_000);
    expect(templates).toMatchObject([
      { imageId: 'tiny', state: 'ready', wanted: true, failures: 0, failure: null, machines: 0 },
    ]);
    clients = [];
    for (const person of crowd.people) clients.push(await PortalClient.signIn(installation.url, person));
    [key = ''] = (await clients[0]?.proposalKeys()) ?? [];
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    if (crowd) rmSync(crowd.folder, { recursive: true, force: true });
  });

  /** Looks at a desktop as its owner's browser shows it. */
  const seenBy = async ({ client, desktop }: Guest): Promise<string> => {
    const visitor = await Visitor.arrive(browser, installation);
    await visitor.context.addCookies(client.cookies);
    await visitor.page.goto(`/desktop/${desktop.id}`);
    const screen = new Screen(visitor.page);
    await screen.live(60_000);
    const word = await readWord(screen, 60_000);
    await visitor.leave();
    return word;
  };

  const end = async ({ client, desktop }: Guest) => {
    const stream = await client.events();
    await client.end(desktop.id);
    await stream.reached(desktop.id, ['DELETED'], 120_000);
    stream.close();
  };

  it('gets as many copies as the host has room for; the others wait in line, in the order of their clicks', async () => {
    const streams = await Promise.all(clients.map((client) => client.events()));
    const answers = await Promise.all(clients.map((client) => client.launch(key)));
    const launched = answers.map((answer, index) => {
      const [client, stream] = [clients[index], streams[index]];
      if (!answer.ok || !client || !stream) throw new Error(answer.ok ? 'nobody asked' : answer.body.message);
      return { client, stream, desktop: answer.body };
    });
    const comesUp = ({ client, stream, desktop: { id } }: (typeof launched)[number]) =>
      stream.reached(id, ['READY', 'FAILED'], 300_000).then(async ({ instance }): Promise<Guest> => {
        const { user } = await client.session();
        return { client, word: (user?.id ?? '').replaceAll('-', ''), desktop: instance };
      });
    const waiting = launched.filter(({ desktop }) => desktop.queue);
    const line = waiting.map(({ desktop }) => desktop.queue).sort((a, b) => (a?.position ?? 0) - (b?.position ?? 0));
    expect(line.map((one) => [one?.position, one?.reason])).toEqual([
      [1, 'memory'],
      ...[2, 3, 4].map((position) => [position, expect.stringMatching(/^(memory|turn)$/)]),
    ]);
    const first = await Promise.all(launched.filter(({ desktop }) => !desktop.queue).map(comesUp));
    expect(first.map(({ desktop }) => [desktop.state, desktop.launch?.path])).toEqual(Array(ROOM).fill(['READY', 'clone']));
    // Those who leave make room for those who wait.
    await Promise.all(first.slice(0, waiting.length).map(end));
    guests = [...first.slice(waiting.length), ...(await Promise.all(waiting.map(comesUp)))];
    streams.forEach((stream) => stream.close());
    expect(guests.map(({ desktop }) => [desktop.state, desktop.launch?.path])).toEqual(Array(ROOM).fill(['READY', 'clone']));
  });

  it('sees its own desktops, each person theirs', async () => {
    expect(new Set(guests.map(({ word }) => word)).size).toBe(ROOM);
    const seen: string[] = [];
    for (const guest of guests) seen.push(await seenBy(guest));
    expect(seen).toEqual(guests.map(({ word }) => word));
  });

  it('leaves nothing behind', async () => {
    await Promise.all(guests.map(end));
    expect(await new Ledger(installation).read()).toEqual({
      instances: [],
      ports: [],
      folders: [],
      machines: [],
      allocated: 0,
    });
    expect(installation.qemuPids()).toEqual([]);
  });
});
