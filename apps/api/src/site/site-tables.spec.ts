import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { createTestDataSource } from '../../test/postgres/test-database';
import { Images } from '../images/images';
import { offerFor, presetOf } from '../plans/offer';
import { Plans } from '../plans/plans';
import { loadSite } from './load-site';
import type { Site } from './site';
import { SiteTables } from './site-tables';

const DEMO = resolve(__dirname, '../../../../config/demo/site.yaml');

describe('SiteTables and Plans', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let imagesDir: string;
  let site: Site;
  let plans: Plans;

  const image = async (id: string, change: object = {}) => {
    const folder = join(imagesDir, id);
    await mkdir(folder, { recursive: true });
    const boot = { kind: 'kernel', cmdline: 'root=/dev/vda' };
    const described = {
      id,
      name: 'Analysis',
      sha256: 'a'.repeat(64),
      boot,
      agent: true,
      protocol: 'vnc',
      software: ['silx'],
    };
    await writeFile(join(folder, 'image.json'), JSON.stringify({ ...described, ...change }));
    for (const file of ['disk.qcow2', 'vmlinuz', 'initrd.img']) await writeFile(join(folder, file), '');
  };
  const fill = (changed: Partial<Site> = {}, hasImages = true) =>
    new SiteTables({ ...site, ...changed }, new Images({ imagesDir, dataDir: imagesDir }), dataSource, hasImages).fill();
  /** What one click starts for a proposal of these beamlines. */
  const presetFor = async (ids: string[]) => {
    const beamlines = ids.map((id) => ({ id, name: id, technique: '' }));
    const visits = beamlines.map((beamline) => ({ id: '1', beamline, start: null, end: null }));
    return presetOf(offerFor({ visits }, await plans.withUnavailable(), site));
  };
  const active = async (table: string) => {
    const rows = await dataSource.query<{ id: string }[]>(`SELECT id FROM ${table} WHERE active ORDER BY id`);
    return rows.map(({ id }) => id);
  };

  beforeAll(async () => {
    ({ dataSource, close } = await createTestDataSource());
    site = await loadSite(DEMO, '/srv/data');
    plans = new Plans(dataSource, site);
  });
  afterAll(() => close());
  beforeEach(async () => {
    imagesDir = await mkdtemp(join(tmpdir(), 'beamdesk-images-'));
    await image('desktop-analysis');
  });
  afterEach(() => rm(imagesDir, { recursive: true }));

  it('offers what the file says, twice filled or not, by several processes at once', async () => {
    await Promise.all([fill(), fill(), fill()]);
    await fill();
    expect(await active('beamline')).toEqual(['bm18-tomo', 'id11-diff', 'id16-xrf', 'las-2', 'n3-sans']);
    expect(await presetFor(['n3-sans'])).toEqual({
      id: 'analysis',
      name: 'Analysis desktop',
      description: expect.any(String),
      imageId: 'desktop-analysis',
      imageVersion: 1,
      flavour: { vcpus: 2, memoryMib: 2048, diskMib: 10240, gpus: 0 },
      needs: { machines: 1, vcpus: 2, memoryMib: 2048, storageMib: 10240, gpus: 0 },
      lifetimeMinutes: 480,
      keepsDisk: false,
      idleMinutes: null,
      network: 'none',
      extension: null,
      keyboard: null,
      bootScript: null,
      cloudInit: null,
    });
    expect((await presetFor(['las-2']))?.id).toBe('laser');
    // By beamline and technique comes before by technique alone.
    expect((await presetFor(['las-2', 'id11-diff']))?.id).toBe('laser');
    expect(await presetFor([])).toBeNull();
    expect(await presetFor(['elsewhere'])).toBeNull();
    expect((await plans.find('analysis-large'))?.flavour.vcpus).toBe(4);
    expect(await plans.find('no-such')).toBeNull();
    const [limits] = await dataSource.query(
      `SELECT * FROM quota_limit WHERE subject_kind = 'role' AND subject_id = 'USER'`,
    );
    expect(limits).toMatchObject({ machines: 2, vcpus: 4, memory_mib: 4096, storage_mib: 40960 });
    const [host] = await dataSource.query(`SELECT * FROM host`);
    expect(host).toMatchObject({ id: 'local', port_from: 15900, port_to: 16099, active: true, observed_at: null });
  });

  it('keeps rows that left the file, inactive, and takes them back', async () => {
    await fill();
    await fill({ plans: site.plans.filter(({ id }) => id !== 'analysis'), beamlines: site.beamlines.slice(1) });
    expect(await plans.find('analysis')).toBeNull();
    expect((await presetFor(['id11-diff']))?.id).toBe('analysis-large');
    expect(await active('beamline')).not.toContain('id11-diff');
    expect(await dataSource.query(`SELECT active FROM plan WHERE id = 'analysis'`)).toEqual([{ active: false }]);
    await fill();
    expect((await presetFor(['id11-diff']))?.id).toBe('analysis');
  });

  it('hands on keyboard and boot script of a plan', async () => {
    const bootScript = { text: '#!/bin/sh\n', values: { server: 'x' } };
    await fill({ plans: site.plans.map((plan) => ({ ...plan, keyboard: 'de', bootScript })) });
    expect(await presetFor(['las-2'])).toMatchObject({ keyboard: 'de', bootScript });
    await fill();
    expect(await presetFor(['las-2'])).toMatchObject({ keyboard: null, bootScript: null });
  });

  it('keeps what a worker noted about its host', async () => {
    await fill();
    await dataSource.query(`UPDATE host SET memory_available_mib = 12345, observed_at = now()`);
    await fill();
    expect(await dataSource.query('SELECT memory_available_mib FROM host')).toEqual([{ memory_available_mib: 12345 }]);
  });

  it.each([
    ['is missing', () => rm(join(imagesDir, 'desktop-analysis'), { recursive: true })],
    ['has no disk', () => rm(join(imagesDir, 'desktop-analysis/disk.qcow2'))],
    ['describes another image', () => image('desktop-analysis', { id: 'tiny' })],
    ['is not understood', () => image('desktop-analysis', { protocol: 'telnet' })],
  ])('offers no plan whose image %s, and goes on', async (_what, spoil) => {
    await spoil();
    await fill();
    expect(await plans.all()).toEqual([]);
    await image('desktop-analysis');
    await fill();
    expect(await plans.all()).toHaveLength(3);
  });

  it('takes in an image that comes later, and one that is put there anew, and does not mind one that goes', async () => {
    await rm(join(imagesDir, 'desktop-analysis'), { recursive: true });
    const tables = new SiteTables(site, new Images({ imagesDir, dataDir: imagesDir }), dataSource, true);
    await tables.fill();
    await tables.look();
    expect(await plans.all()).toEqual([]);
    await image('desktop-analysis');
    await tables.look();
    expect(await plans.all()).toHaveLength(3);
    const content = () => dataSource.query(`SELECT sha256 FROM image_version WHERE image_id = 'desktop-analysis' AND state = 'active'`);
    await image('desktop-analysis', { sha256: 'b'.repeat(64) });
    await tables.look();
    expect(await content()).toEqual([{ sha256: 'b'.repeat(64) }]);
    await rm(join(imagesDir, 'desktop-analysis'), { recursive: true });
    await tables.look();
    expect(await plans.all()).toHaveLength(3);
  });

  it('starts the next preset by one click while the image of the first is not there', async () => {
    const tables = new SiteTables(site, new Images({ imagesDir, dataDir: imagesDir }), dataSource, true);
    await tables.fill();
    expect((await presetFor(['n3-sans']))?.imageId).toBe('desktop-analysis');
    await image('desktop-rdp', { protocol: 'rdp' });
    await tables.look();
    expect((await presetFor(['n3-sans']))?.imageId).toBe('desktop-rdp');
    expect((await presetFor(['bm18-tomo']))?.imageId).toBe('desktop-analysis');
  });

  it('leaves images alone in a process that has none', async () => {
    await fill();
    await rm(imagesDir, { recursive: true });
    await mkdir(imagesDir);
    await fill({}, false);
    expect(await plans.all()).toHaveLength(3);
  });

  it('changes nothing when it fails half-way', async () => {
    await fill();
    const broken = site.hosts.map((host) => ({ ...host, name: 'new', ports: { from: 5, to: 4 } }));
    await expect(fill({ hosts: broken, beamlines: [] })).rejects.toThrow('host_ports');
    expect(await active('beamline')).toHaveLength(5);
  });

  it('hands on the techniques of a plan, and says which plans wait for their image', async () => {
    await fill();
    const all = await plans.withUnavailable();
    expect(all.find(({ plan }) => plan.id === 'analysis')).toMatchObject({
      techniques: expect.arrayContaining(['diffraction', 'tomography']),
      unavailable: null,
    });
    expect(all.filter(({ unavailable }) => unavailable !== null)).toEqual([
      expect.objectContaining({
        plan: expect.objectContaining({ id: 'scattering', needs: expect.objectContaining({ vcpus: 2 }) }),
        techniques: ['sans'],
      }),
    ]);
    await image('desktop-rdp');
    await fill();
    expect((await plans.withUnavailable()).map(({ plan }) => plan.id)).toEqual(site.plans.map(({ id }) => id));
  });

  it('hands a hypervisor the resolved paths of an image', async () => {
    const images = new Images({ imagesDir, dataDir: imagesDir });
    const { image: found, protocol } = await images.machineImage('desktop-analysis');
    expect(protocol).toBe('vnc');
    expect(found).toMatchObject({
      id: 'desktop-analysis',
      agent: true,
      boot: { kind: 'kernel', cmdline: 'root=/dev/vda' },
    });
    expect(found.disk).toMatch(/desktop-analysis\/disk\.qcow2$/);
    await expect(images.machineImage('no-such')).rejects.toThrow('not available');
  });
});
