import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { IcatTestServer } from '@beamdesk/catalogue/testing';
import { aMachineSpec } from '@beamdesk/hypervisor/testing';
import { CatalogueEntries } from '../../src/adapters/catalogues/catalogue-entries';
import { catalogueEntry } from '../../src/adapters/catalogues/catalogues-schema';
import { ChangeFeed } from '../../src/events/change-feed';
import { CopyKeeper } from '../../src/catalogue-copy/copy-keeper';
import { CopySettings, DEFAULT_COPY_SETTINGS } from '../../src/catalogue-copy/copy-settings';
import { createDesktopApp, type DesktopApp } from '../../src/desktops/testing/desktop-app';
import { DISPLAY_CHANNEL } from '../../src/display/display-channel';
import { DisplayServant } from '../../src/display/display-servant';
import { TEMPLATE_CHANNEL } from '../../src/templates/template-channel';
import { TestBrowser } from '../app/browser';
import { TEST_SITE } from '../app/test-site';
import { freePort } from '../postgres/embedded-postgres';
import { type Caller, CALLERS, type PerCaller } from './callers';
import { DatabaseState } from './database-state';
import { furnish, makeProposals, PASSWORD, type Things } from './furnish';
import { makePeople, type Person } from './people';
import { SECOND, type SecondProvider, startSecondProvider } from './second-provider';
import { Told } from './told';

const SITE = TEST_SITE.replace(
  '  - { id: id11-diff, name: ID11, technique: Diffraction }',
  '$&\n  - { id: bm18-tomo, name: BM18, technique: Tomography }',
);

/** What can be seen of the portal's state: sums by table, and what is outside the database. */
export type Fingerprint = Record<string, string>;

/** The whole api with everybody of `CALLERS` and all that the routes are about; can be put back as it was. */
export class AccessHouse {
  /** As it is at the beginning of every call. */
  known: Fingerprint = {};
  private asked = 0;

  private constructor(
    readonly desktops: DesktopApp,
    private readonly second: SecondProvider,
    private readonly icat: IcatTestServer,
    readonly people: PerCaller<Person>,
    readonly things: Things,
    private readonly told: Told,
    private readonly database: DatabaseState,
  ) {
    const restore = desktops.catalogue.restore.bind(desktops.catalogue);
    desktops.catalogue.restore = (...order) => {
      this.asked += 1;
      return restore(...order);
    };
  }

  static async open(): Promise<AccessHouse> {
    const port = await freePort();
    const icat = await IcatTestServer.start();
    for (const caller of CALLERS) icat.passwords.set(caller, PASSWORD);
    const entry = catalogueEntry.parse({ id: 'icat', kind: 'icat', url: icat.url, session: 'own' });
    const second = await startSecondProvider(`http://localhost:${port}`);
    const desktops = await createDesktopApp({
      port,
      site: SITE,
      env: { LOCAL_ACCOUNTS: 'on', FILES_LIMIT_MIB: '64', ...second.env },
      // Copies are made when they are first wanted, and stay.
      override: (builder) =>
        builder
          .overrideProvider(CopySettings)
          .useValue({ ...DEFAULT_COPY_SETTINGS, freshMs: 3_600_000, sweepMs: 3_600_000 })
          // People sign in there themselves; proposals are of the other one.
          .overrideProvider(CatalogueEntries)
          .useValue(new CatalogueEntries([entry]))
          .overrideProvider(CopyKeeper)
          .useValue({ signedIn: () => undefined }),
    });
    const proposals = makeProposals(desktops);
    const people = await makePeople(desktops, second.provider);
    const things = await furnish(desktops, people, proposals);
    const { dataSource, config, app } = desktops.api;
    const servant = new DisplayServant('local', dataSource, desktops.machines);
    const channels = [...Object.keys(app.get(ChangeFeed)['listeners']), DISPLAY_CHANNEL, TEMPLATE_CHANNEL];
    const told = await Told.listen(config.database, channels, (channel, payload) => {
      if (channel === DISPLAY_CHANNEL) void servant.serve(payload);
    });
    const database = await DatabaseState.keep(dataSource);
    const house = new AccessHouse(desktops, second, icat, people, things, told, database);
    await house.restore();
    house.known = await house.fingerprint();
    return house;
  }

  /** Back to what is known. */
  async restore(): Promise<void> {
    const { machines, api } = this.desktops;
    await this.database.restore();
    await machines.destroy(this.things.desktop);
    const console = { protocol: 'vnc', port: 20_001, password: 'sesame12' } as const;
    await machines.create(aMachineSpec({ id: this.things.desktop, console }));
    machines.filesIn(this.things.desktop)?.put('/scratch/note.txt', Buffer.from('hello'));
    rmSync(join(api.config.dataDir, 'scratch'), { recursive: true, force: true });
    this.asked = 0;
    await this.told.take();
  }

  /** As the worker does every few seconds, or the host would count as away. */
  async hostSpeaks(): Promise<void> {
    await this.desktops.api.dataSource.query('UPDATE host SET observed_at = now()');
  }

  async fingerprint(): Promise<Fingerprint> {
    const { machines, api } = this.desktops;
    const held = (await machines.list()).map(({ id, phase }) => {
      const files = [...(machines.filesIn(id)?.nodes ?? [])].map(
        ([path, { content }]) => `${path} ${content?.length ?? ''}`,
      );
      return { id, phase, display: machines.displayOf(id), files: files.sort() };
    });
    const told = await this.told.take();
    return {
      ...(await this.database.sums()),
      'what the hypervisor holds': sum(held),
      'files on the host': sum(listed(api.config.dataDir)),
      'restores asked of the archive': String(this.asked),
      'told since': told.join(', '),
    };
  }

  /** A new one in which that caller is signed in. */
  browser(caller: Caller, provider?: typeof SECOND): TestBrowser {
    const { url, provider: first } = this.desktops.api;
    const browser = provider ? new TestBrowser(url, this.second.provider, provider) : new TestBrowser(url, first);
    for (const [name, value] of this.people[caller].cookies) browser.setCookie(name, value);
    return browser;
  }

  async close(): Promise<void> {
    await this.told.close();
    await this.desktops.close();
    await this.second.stop();
    await this.icat.close();
  }
}

const sum = (what: unknown): string => createHash('md5').update(JSON.stringify(what)).digest('hex');

/** Every file and folder below, by name and size; sockets too. */
function listed(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => `${name} ${statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? ''}`);
}
