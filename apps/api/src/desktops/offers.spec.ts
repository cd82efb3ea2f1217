import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { InstanceView, ProposalDetail, ProposalsPage } from '@beamdesk/contracts';
import { TEST_SITE } from '../../test/app/test-site';
import type { TestBrowser } from '../../test/app/browser';
import { createDesktopApp, type DesktopApp } from './testing/desktop-app';

const plan = (id: string, image: string, where: string) => `
  - id: ${id}
    name: ${id} desktop
    description: For tests
    image: ${image}
    flavour: small
    lifetimeMinutes: 60
    keepsDisk: false
    ${where}`;
const SITE = TEST_SITE.replace('  - { id: tiny }', '  - { id: tiny }\n  - { id: gone }').replace(
  'hosts:',
  `${plan('gone', 'gone', 'beamlines: [id11-diff]\n    techniques: [diffraction]\n    preset: true').slice(1)}
${plan('volumes', 'tiny', 'techniques: [tomography]').slice(1)}
${plan('spectra', 'gone', 'techniques: [fluorescence]').slice(1)}
techniques:
  - { id: diffraction, name: diffraction, terms: [] }
  - { id: tomography, name: tomography, terms: [PaNET01207] }
  - { id: fluorescence, name: X-ray fluorescence, terms: [] }
hosts:`,
);

describe('the plans offered to a proposal, over HTTP', () => {
  let house: DesktopApp;
  let ada: TestBrowser;
  let count = 0;

  beforeAll(async () => {
    house = await createDesktopApp({ site: SITE });
    ({ browser: ada } = await house.signedIn('ada'));
    await house.api.dataSource.query(
      `UPDATE quota_limit SET machines = 20, vcpus = 20, memory_mib = 20480, storage_mib = 40960 WHERE subject_kind = 'role'`,
    );
  });
  afterAll(() => house.close());
  afterEach(() => {
    house.gate.reachable = true;
  });

  /** A proposal of ada's at that beamline, with techniques as a catalogue names them. */
  const proposal = (beamline: string, techniques: string[] = []): string => {
    const name = `offer-${++count}`;
    mkdirSync(join(house.api.config.dataDir, 'proposals', name), { recursive: true });
    return house.catalogue.put({
      name,
      title: name,
      abstract: '',
      visits: [
        { id: '1', beamline: { id: beamline, name: beamline.toUpperCase(), technique: '' }, start: null, end: null },
      ],
      techniques,
      team: [{ account: 'ada', name: 'Ada', affiliation: null, roles: ['PI'] }],
    });
  };
  const shown = async (key: string) => {
    const { items } = (await ada.get('/api/proposals?limit=100')).body as ProposalsPage;
    return items.find((item) => item.key === key);
  };
  const launch = (key: string, chosen?: string, browser = ada) =>
    browser.send('PUT', `/api/proposals/${key}/services/desktop`, chosen === undefined ? {} : { plan: chosen });

  it('are the same in the list and on the page; one click starts the first that can be started', async () => {
    const key = proposal('id11-diff');
    const row = await shown(key);
    expect(row?.offers).toMatchObject([
      { plan: { id: 'tiny' }, for: { techniques: [], beamlines: ['ID11-DIFF'] }, unavailable: null },
      {
        plan: { id: 'gone', needs: { machines: 1, vcpus: 1, memoryMib: 512, storageMib: 1024, gpus: 0 } },
        for: { techniques: ['diffraction'], beamlines: ['ID11-DIFF'] },
        launch: null,
        unavailable: expect.stringContaining('image'),
      },
    ]);
    expect(row?.plan?.id).toBe('tiny');
    const page = (await ada.get(`/api/proposals/${key}`)).body as ProposalDetail;
    expect(page.offers).toEqual(row?.offers);
    expect((await launch(key)).body).toMatchObject({ plan: { id: 'tiny' } });
  });

  it('whose image is not there are refused by name, with the reason, and leave nothing behind', async () => {
    const key = proposal('id11-diff');
    const { status, body } = await launch(key, 'gone');
    expect([status, body]).toEqual([
      409,
      expect.objectContaining({
        code: 'PLAN_UNAVAILABLE',
        details: { plan: 'gone' },
        message: expect.stringContaining('"gone desktop"'),
      }),
    ]);
    expect(JSON.stringify(body)).not.toContain('/images');
    expect((await shown(key))?.desktop).toBeNull();
  });

  it('say which it is where none can be started', async () => {
    const key = proposal('elsewhere', ['X-Ray Fluorescence']);
    expect(await shown(key)).toMatchObject({ plan: null, launch: null, offers: [{ plan: { id: 'spectra' } }] });
    expect((await launch(key)).body).toMatchObject({ code: 'PLAN_UNAVAILABLE' });
    const nothing = proposal('elsewhere');
    expect(await shown(nothing)).toMatchObject({ plan: null, offers: [] });
    expect((await launch(nothing)).body).toMatchObject({ code: 'NOT_OFFERED' });
  });

  it('go by what the catalogue says of datasets, and while it is down by what it said', async () => {
    const [key, other] = [0, 1].map(() => proposal('elsewhere', ['http://purl.org/pan-science/PaNET/PaNET01207']));
    if (!key || !other) throw new Error('no proposals');
    expect((await shown(key))?.offers).toMatchObject([
      { plan: { id: 'volumes' }, for: { techniques: ['tomography'], beamlines: [] } },
    ]);
    expect((await launch(other)).body).toMatchObject({ plan: { id: 'volumes' } });
    house.gate.reachable = false;
    expect((await shown(key))?.plan?.id).toBe('volumes');
    expect((await launch(key)).body as InstanceView).toMatchObject({ plan: { id: 'volumes' } });
  });

  it('are for members: nobody else hears of them, or starts one', async () => {
    const key = proposal('id11-diff');
    const { browser: bo } = await house.signedIn('bo');
    const answers = [
      await bo.get(`/api/proposals/${key}`),
      await launch(key, 'tiny', bo),
      await launch(key, 'gone', bo),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await shown(key))?.desktop).toBeNull();
  });
});
