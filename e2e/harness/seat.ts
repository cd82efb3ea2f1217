import type { Browser, Page } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { readWord } from './cells';
import type { Installation } from './installation';
import { PageDiary } from './page-diary';
import type { Entry } from './page-diary';
import { Visitor } from './portal';
import type { Person } from './portal';
import { PortalClient } from './portal-client';
import { Screen } from './screen';
import { sleepingPage } from './sleeping-page';
import type { SleepingPage } from './sleeping-page';

/** One person with a tiny desktop of their own on the screen, and a diary of what the page said. */
export class Seat {
  private constructor(
    readonly client: PortalClient,
    readonly page: Page,
    readonly personId: string,
    readonly desktop: InstanceView,
    readonly diary: PageDiary,
    private readonly browser: Browser,
  ) {}

  /** Launches a desktop and opens its page; resolves when the picture is live. */
  static async take(browser: Browser, installation: Installation, person: Person): Promise<Seat> {
    const client = await PortalClient.signIn(installation.url, person);
    const events = await client.events();
    const answer = await client.launch((await client.proposalKeys())[0] ?? '');
    if (!answer.ok) throw new Error(answer.body.message);
    const { instance } = await events.reached(answer.body.id, ['READY', 'FAILED'], 180_000);
    events.close();
    const { user } = await client.session();
    const visitor = await Visitor.arrive(browser, installation);
    await visitor.context.addCookies(client.cookies);
    await visitor.page.goto(`/desktop/${instance.id}`);
    await new Screen(visitor.page).live(60_000);
    const diary = await PageDiary.begin(visitor.page);
    return new Seat(client, visitor.page, user?.id ?? '', instance, diary, browser);
  }

  get screen(): Screen {
    return new Screen(this.page);
  }

  /** The person's own desktop is on the screen and moves, in the very document that was there at the beginning. */
  async expectLive(withinMs: number): Promise<void> {
    await this.screen.live(withinMs);
    expect(await readWord(this.screen, withinMs)).toBe(this.personId.replaceAll('-', ''));
    await this.screen.blinks(withinMs);
    await this.diary.read();
  }

  /** What the page tells from now on. */
  async listen(): Promise<() => Promise<Entry[]>> {
    const { length } = await this.diary.read();
    return () => this.diary.read(length);
  }

  /** Has the page sleep, and with it all others of its browser. */
  sleep(): Promise<SleepingPage> {
    return sleepingPage(this.browser, this.page);
  }
}
