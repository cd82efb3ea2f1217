import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { InstanceView, ProposalsPage, ProposalView } from '@beamdesk/contracts';
import { Hypervisor } from '@beamdesk/hypervisor';
import { MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { TestBrowser } from '../../test/app/browser';
import { createTestApp, type TestApp } from '../../test/app/test-app';
import { FakeProvider } from '../../test/identities/fake-provider';
import { freePort } from '../../test/postgres/embedded-postgres';
import { IdentityEntity } from '../auth/entities/identity.entity';
import { until } from '../events/testing/until';

const DEMO = resolve(__dirname, '../../../../config/demo');

const COMMUNITY = `
name: Cultural heritage with neutrons
techniques:
  - id: neutron-imaging
    name: neutron imaging
    terms: [neutron radiography, http://purl.org/pan-science/PaNET/PaNET01250]
beamlines:
  - { id: n7-imaging, name: N7, technique: neutron imaging }
images:
  - id: heritage
plans:
  - id: heritage
    name: Heritage desktop
    description: For scans of old things
    image: heritage
    flavour: small
    lifetimeMinutes: 60
    keepsDisk: false
    preset: true
    techniques: [neutron-imaging]
    bootScript: { file: scripts/set-up.sh, values: { hall: N } }
catalogues: catalogues.yaml
`;
const CATALOGUE = `
catalogue: heritage
facility: Lumina
beamlines:
  - { id: n7-imaging, name: N7, technique: neutron imaging }
  - { id: n3-sans, name: N3, technique: Neutron small-angle scattering }
people:
  - { account: ines, name: Inês Prado, affiliation: Museum of Coins }
  - { account: omar, name: Omar Said }
proposals:
  - name: COIN-1
    title: Inside a sealed amphora
    abstract: What is in it.
    visits: [{ id: '1', beamline: n7-imaging, start: 2026-09-01 }]
    team: [{ account: ines, roles: [Principal investigator] }]
  - name: COIN-2
    title: Corrosion of coins
    abstract: Scattering first, then a radiograph of the same coins.
    visits: [{ id: '1', beamline: n3-sans, start: 2026-10-01 }]
    team: [{ account: ines, roles: [Co-investigator] }, { account: omar, roles: [Principal investigator] }]
    datasets: [{ id: d1, name: Coins, technique: https://w3id.org/PaNET/PaNET01250 }]
`;

/** A community comes to a copy of the demo by a folder; everything else is the api as it is. */
describe('a community that is added as a folder', () => {
  const machines = new MemoryHypervisor();
  const created = jest.spyOn(machines, 'create');
  const personalised = jest.spyOn(machines, 'personalise');
  let folder: string;
  let provider: FakeProvider;
  let api: TestApp;

  const image = async (id: string) => {
    const path = join(folder, 'images', id);
    await mkdir(path, { recursive: true });
    const described = { id, name: id, sha256: 'a'.repeat(64), boot: { kind: 'disk' }, agent: true, protocol: 'vnc' };
    await writeFile(join(path, 'image.json'), JSON.stringify(described));
    await writeFile(join(path, 'disk.qcow2'), '');
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beamdesk-add-'));
    const port = await freePort();
    provider = await FakeProvider.start(`http://localhost:${port}`, 'd'.repeat(64));
    await cp(DEMO, folder, { recursive: true });
    const own = join(folder, 'communities/heritage');
    await mkdir(join(own, 'scripts'), { recursive: true });
    const accounts = `accounts: [{ issuer: '${provider.issuer}', subject: 'heritage-([a-z]+)', name: '$1' }]`;
    await writeFile(join(own, 'community.yaml'), COMMUNITY);
    await writeFile(join(own, 'catalogue.yaml'), CATALOGUE);
    await writeFile(
      join(own, 'catalogues.yaml'),
      `catalogues: [{ id: heritage, kind: file, file: catalogue.yaml, ${accounts} }]`,
    );
    await writeFile(join(own, 'scripts/set-up.sh'), '#!/bin/sh\necho heritage\n');
    for (const id of ['heritage', 'desktop-analysis', 'desktop-rdp']) await image(id);
    api = await createTestApp({
      port,
      env: {
        OIDC_ISSUER: provider.issuer,
        SITE_FILE: join(folder, 'site.yaml'),
        CATALOGUE_FILE: join(folder, 'catalogue.yaml'),
        IMAGES_DIR: join(folder, 'images'),
        ROLES: 'web,worker',
      },
      override: (builder) => builder.overrideProvider(Hypervisor).useValue(machines),
    });
    for (const name of ['COIN-1', 'COIN-2']) {
      await mkdir(join(api.config.dataDir, 'proposals', name), { recursive: true });
    }
  });

  afterAll(async () => {
    await api?.close();
    await provider?.stop();
    await rm(folder, { recursive: true });
  });

  /** Somebody nobody has entered anywhere: what they may do comes from the community's catalogue. */
  const arrive = async (sub: string): Promise<TestBrowser> => {
    const browser = new TestBrowser(api.config.publicUrl.origin, provider);
    await browser.signIn({ sub, name: sub, email: `${sub}@test.example` });
    const { conditions } = (await browser.get('/api/session')).body as { conditions: { version: string } };
    await browser.send('POST', '/api/conditions/acceptance', { version: conditions.version });
    return browser;
  };
  const proposals = async (browser: TestBrowser): Promise<ProposalView[]> => {
    const { status, body } = await browser.get('/api/proposals?sort=name');
    return status === 200 ? (body as ProposalsPage).items : [];
  };
  const offered = ({ name, offers }: ProposalView) => [name, offers.map((one) => [one.plan.id, one.for])];
  const launch = (browser: TestBrowser, { key }: ProposalView, plan?: string) =>
    browser.send('PUT', `/api/proposals/${key}/services/desktop`, plan ? { plan } : {});

  it('shows its people their proposals, with its plan first, and others none of them', async () => {
    const ines = await proposals(await arrive('heritage-ines'));
    expect(ines.map(offered)).toEqual([
      ['COIN-1', [['heritage', { techniques: ['neutron imaging'], beamlines: [] }]]],
      [
        'COIN-2',
        [
          ['scattering', { techniques: ['neutron small-angle scattering'], beamlines: ['N3'] }],
          ['analysis', { techniques: ['neutron small-angle scattering'], beamlines: [] }],
          ['heritage', { techniques: ['neutron imaging'], beamlines: [] }],
        ],
      ],
    ]);
    expect((await proposals(await arrive('heritage-omar'))).map(({ name }) => name)).toEqual(['COIN-2']);
    // Known to no catalogue, so let into nothing; and a subject like another's account fits no rule.
    expect(await proposals(await arrive('ines'))).toEqual([]);
  });

  it('starts its plan by one click, with its image and its boot script, and no stranger can', async () => {
    const ines = await arrive('heritage-ines');
    const [coin] = await proposals(ines);
    if (!coin) throw new Error('no proposal');
    const omar = await launch(await arrive('heritage-omar'), coin);
    expect(omar.status).toBe(404);
    const { status, body } = await launch(ines, coin);
    expect([status, body]).toEqual([200, expect.objectContaining({ plan: coin.plan })]);
    const { id } = body as InstanceView;
    await until(async () => ((await ines.get(`/api/instances/${id}`)).body as InstanceView).state === 'READY');
    expect(created.mock.calls.map(([spec]) => [spec.id, spec.image.id])).toEqual([[id, 'heritage']]);
    expect(personalised.mock.calls.map(([machine, { bootScript }]) => [machine, bootScript])).toEqual([
      [id, { text: '#!/bin/sh\necho heritage\n', values: { hall: 'N' } }],
    ]);
  });

  it('leaves what the site offers to others as it was, and lets them choose by id only what is offered', async () => {
    const { userId } = await api.person('ada');
    await api.dataSource.manager.insert(IdentityEntity, { userId, issuer: provider.issuer, subject: 'ada' });
    const ada = await arrive('ada');
    const shown = await proposals(ada);
    const laser = shown.find(({ name }) => name === '20251101');
    const strain = shown.find(({ name }) => name === '20260301');
    expect(laser?.offers.map(({ plan }) => plan.id)).toEqual(['laser']);
    expect(strain?.offers.map(({ plan }) => plan.id)).toEqual(['analysis', 'analysis-large']);
    if (!strain) throw new Error('no proposal');
    await mkdir(join(api.config.dataDir, 'proposals', strain.name), { recursive: true });
    expect((await launch(ada, strain, 'heritage')).body).toMatchObject({ code: 'NOT_OFFERED' });
    expect((await launch(ada, strain, 'analysis-large')).body).toMatchObject({ plan: { id: 'analysis-large' } });
    expect((await launch(ada, strain, 'analysis')).body).toMatchObject({ code: 'OTHER_PLAN_RUNNING' });
  });
});
