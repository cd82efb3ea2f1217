import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { YamlInvalid } from '@beamdesk/catalogue';
import { loadSite } from './load-site';

const DEMO = resolve(__dirname, '../../../../config/demo');

const HERITAGE = `name: Cultural heritage
techniques:
  - { id: neutron-imaging, name: neutron imaging, terms: [PaNET01248] }
beamlines:
  - { id: n7, name: N7, technique: neutron imaging, techniques: [tomography] }
images:
  - id: heritage
flavours:
  - { id: heritage, vcpus: 2, memoryMib: 2048, diskMib: 4096 }
plans:
  - id: heritage
    name: Heritage desktop
    description: For scans of old things
    image: heritage
    flavour: heritage
    lifetimeMinutes: 60
    keepsDisk: false
    techniques: [neutron-imaging]
    bootScript: { file: set-up.sh }
  - id: heritage-large
    name: Large heritage desktop
    description: With the site's own image and flavour
    image: desktop-analysis
    flavour: large
    lifetimeMinutes: 60
    keepsDisk: false
    keyboard: de
    beamlines: [n7, bm18-tomo]
`;

describe('communities', () => {
  let folder: string;
  let site: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'beamdesk-communities-'));
    site = join(folder, 'site.yaml');
    await cp(join(DEMO, 'site.yaml'), site);
    await cp(join(DEMO, 'communities'), join(folder, 'communities'), { recursive: true });
    await add('heritage/set-up.sh', '#!/bin/sh\n');
    await add('heritage/community.yaml', HERITAGE);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const path = (name: string) => join(folder, 'communities', name);
  const add = async (name: string, text: string) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), text);
  };
  const load = () => loadSite(site, '/srv/data');
  const faults = async (): Promise<string[]> => {
    const error = await load().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(YamlInvalid);
    return (error as YamlInvalid).message.replaceAll(`${folder}/`, '').split('\n');
  };
  const changed = (before: string, after: string) => {
    expect(HERITAGE).toContain(before);
    return add('heritage/community.yaml', HERITAGE.replace(before, after));
  };

  it('add to what the site file says, by name, with its defaults', async () => {
    const read = await load();
    expect(read.communities).toEqual([
      { id: 'heritage', name: 'Cultural heritage', catalogues: null },
      { id: 'ultrafast-laser', name: 'Ultrafast laser', catalogues: null },
    ]);
    expect(read.beamlines.map(({ id }) => id)).toEqual([
      'id11-diff',
      'id16-xrf',
      'bm18-tomo',
      'n3-sans',
      'n7',
      'las-2',
    ]);
    expect(read.images.map(({ id }) => id)).toEqual(['desktop-analysis', 'desktop-rdp', 'heritage']);
    expect(read.plans.map(({ id }) => id).slice(-3)).toEqual(['heritage', 'heritage-large', 'laser']);
    expect(read.plans.find(({ id }) => id === 'heritage')).toMatchObject({
      keyboard: null,
      preset: false,
      bootScript: { text: '#!/bin/sh\n', values: {} },
    });
  });

  it('need not be there, and plain files beside them are left alone', async () => {
    await rm(path('ultrafast-laser'), { recursive: true });
    await rm(path('heritage'), { recursive: true });
    await add('README.md', 'Ours.');
    expect((await load()).communities).toEqual([]);
  });

  it('report every fault of every file at once, each with its place', async () => {
    await changed('image: heritage', 'image: heritage\n    color: red');
    await add('zoo/community.yaml', 'name: Zoo\nplans: 5\nquotas: {}\n');
    expect(await faults()).toEqual([
      'communities/heritage/community.yaml:15:12: plans[0].color: is not a known field',
      expect.stringMatching(/^communities\/zoo\/community\.yaml:2:8: plans: /),
      'communities/zoo/community.yaml:3:1: quotas: is not a known field',
    ]);
  });

  it('are read though the site file itself is wrong', async () => {
    await writeFile(site, (await readFile(site, 'utf8')).replace('name: Lumina', 'name: 5'));
    await changed('flavour: large', 'flavour: huge');
    expect(await faults()).toEqual([
      expect.stringMatching(/^site\.yaml:4:9: facility\.name: must be text/),
      "communities/heritage/community.yaml:24:14: plans[1].flavour: 'huge' is not in flavours",
    ]);
  });

  it('may not use an id or a term again: the fault names both places', async () => {
    await changed('id: heritage\n    name', 'id: analysis\n    name');
    await add(
      'zoo/community.yaml',
      "name: Zoo\ntechniques: [{ id: n, name: 'Neutron-Imaging' }]\nbeamlines: [{ id: n7, name: N, technique: n }]\n",
    );
    const lines = await faults();
    expect(lines).toEqual([
      expect.stringMatching(
        /^communities\/heritage\/community.yaml:11:9: plans\[0\]\.id: 'analysis' occurs at site\.yaml:\d+:9 too$/,
      ),
      expect.stringMatching(
        /^communities\/zoo\/.*:2:29: techniques\[0\]\.name: 'Neutron-Imaging' occurs at communities\/heritage\/community\.yaml:3:\d+ too$/,
      ),
      expect.stringMatching(
        /^communities\/zoo\/.*:3:19: beamlines\[0\]\.id: 'n7' occurs at communities\/heritage\/community\.yaml:5:11 too$/,
      ),
    ]);
  });

  it('say where the data of their own beamlines are, before the site does', async () => {
    await add(
      'heritage/community.yaml',
      `${HERITAGE}data: { rules: [{ when: { beamline: n7 }, path: '{dataDir}/proposals/n7/{proposal}' }] }\n`,
    );
    const { data } = await load();
    expect(data.rules).toEqual([
      expect.objectContaining({ when: { beamline: ['n7'] }, path: '/srv/data/proposals/n7/{proposal}' }),
      expect.objectContaining({ when: {}, path: '/srv/data/proposals/{proposal}' }),
    ]);
  });

  it.each([
    ["{ path: '{dataDir}/proposals/{proposal}' }", 'must name beamlines of the community'],
    ["{ when: { catalogue: demo }, path: '{dataDir}/proposals/{proposal}' }", 'must name beamlines of the community'],
    [
      "{ when: { beamline: [n7, bm18-tomo] }, path: '{dataDir}/proposals/{proposal}' }",
      "'bm18-tomo' is not a beamline of",
    ],
    ["{ when: { beamline: n7 }, path: '/etc/{proposal}' }", "lies in none of the site's roots"],
    ["{ when: { beamline: n7 }, path: '{dataDir}/proposals/../{proposal}' }", 'must not hold ..'],
    [
      "{ when: { beamline: n7 }, mount: nfs, nfs: { server: evil, export: '/{proposal}' } }",
      "'evil' is not in data.nfs",
    ],
  ])('do not lead data elsewhere: %s', async (rule, fault) => {
    await add('heritage/community.yaml', `${HERITAGE}data: { rules: [${rule}] }\n`);
    expect(await faults()).toEqual([
      expect.stringMatching(/^communities\/heritage\/community\.yaml:29:\d+: data\.rules\[0\]/),
    ]);
    expect((await faults())[0]).toContain(fault);
  });

  it('know the site and themselves, not each other', async () => {
    await changed('[n7, bm18-tomo]', '[n7, las-2]');
    expect(await faults()).toEqual([expect.stringContaining("'las-2' is not in beamlines")]);
  });

  it.each([
    ['/etc/passwd', 'must be relative'],
    ['../ultrafast-laser/community.yaml', 'must not hold ..'],
    ['a/../../../site.yaml', 'must not hold ..'],
    ['link.sh', 'link.sh is a link'],
    ['linked/set-up.sh', 'linked is a link'],
    ['.', 'is not a file'],
    ['gone.sh', 'ENOENT'],
  ])('have no boot script %j', async (name, fault) => {
    await symlink('/etc/passwd', path('heritage/link.sh'));
    await symlink(path('ultrafast-laser'), path('heritage/linked'));
    await changed('file: set-up.sh', `file: ${JSON.stringify(name)}`);
    expect(await faults()).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['a hidden folder', () => add('.git/community.yaml', 'name: Hidden\n'), 'communities/.git is hidden'],
    ['a link', () => symlink(path('heritage'), path('again')), 'communities/again is a link'],
    [
      'a name of another kind',
      () => add('My Lab/community.yaml', 'name: Lab\n'),
      'communities/My Lab: the name must be',
    ],
    ['a folder with nothing in it', () => mkdir(path('empty')), 'communities/empty/community.yaml: ENOENT'],
    [
      'a linked file',
      () => mkdir(path('sly')).then(() => symlink(path('heritage/community.yaml'), path('sly/community.yaml'))),
      'communities/sly/community.yaml is a link',
    ],
  ])('do not take %s', async (_what, make, fault) => {
    await make();
    expect(await faults()).toEqual([expect.stringMatching(/^site\.yaml:\d+:\d+: communities: /)]);
    expect((await faults())[0]).toContain(fault);
  });

  it.each([
    ['gone', 'ENOENT'],
    ['/etc', 'must be relative'],
    ['communities/..', 'must not hold ..'],
    ['site.yaml', 'is no folder'],
  ])('do not lie at %j', async (where, fault) => {
    const text = await readFile(site, 'utf8');
    await writeFile(site, text.replace('communities: communities', `communities: ${where}`));
    expect(await faults()).toEqual([expect.stringContaining(fault)]);
  });
});
