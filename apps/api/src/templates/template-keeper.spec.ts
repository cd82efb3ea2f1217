import { HypervisorUnreachable, type TemplateSpec } from '@beamdesk/hypervisor';
import { FailingHypervisor, MemoryHypervisor } from '@beamdesk/hypervisor/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { createTestDataSource } from '../../test/postgres/test-database';
import { ImageUnusable } from '../images/images';
import { IMAGES, PLAN } from '../instances/testing/bench';
import type { OfferedPlan } from '../plans/offer';
import { shareLists } from '../site/share-lists';
import { TemplateKeeper } from './template-keeper';
import { TemplateEntity } from './template.entity';
import { WantedTemplates } from './wanted-templates';

const offer = (id: string, imageId: string, memoryMib: number, preset = false): OfferedPlan => ({
  plan: { ...PLAN, id, imageId, flavour: { vcpus: 1, memoryMib, diskMib: 1024 } },
  preset,
  beamlines: [],
  techniques: [],
  image: { beamlines: [], techniques: [], groups: [] },
  unavailable: null,
});

const RULE = { when: {}, guest: '/data/{proposal}' };
const ON_HOST = { ...RULE, mount: '9p', path: '/srv/{proposal}' } as const;
const LISTS = shareLists({ rules: [ON_HOST, ON_HOST], home: null });

describe('WantedTemplates', () => {
  const brief = ({ image, flavour }: TemplateSpec) => `${image.id} ${flavour.memoryMib}`;
  const OFFERED = [
    offer('a', 'tiny', 512),
    offer('b', 'tiny', 1024, true),
    offer('c', 'other', 512, true),
    offer('d', 'tiny', 1024),
  ];

  it('are one for each image and flavour, those of one click first, with the shares of a launch', async () => {
    const specs = await new WantedTemplates({ all: async () => OFFERED }, IMAGES, LISTS).specs();
    expect(specs.map(brief)).toEqual(['tiny 1024', 'other 512', 'tiny 512']);
    expect(specs[0]).toMatchObject({
      protocol: 'vnc',
      shares: [
        { tag: 'data', readOnly: true },
        { tag: 'scratch', readOnly: false },
      ],
    });
  });

  it('are one more for each other way of mounting data, with the homes of the site', async () => {
    const server = { ...RULE, mount: 'nfs', nfs: { server: 'nfs1', export: '/x/{proposal}' } } as const;
    const lists = shareLists({ rules: [ON_HOST, server], home: { root: '/srv/homes', limitMib: 1 } });
    const specs = await new WantedTemplates({ all: async () => [offer('a', 'tiny', 512)] }, IMAGES, lists).specs();
    const writable = [
      { tag: 'scratch', readOnly: false },
      { tag: 'home', readOnly: false },
    ];
    expect(specs.map(({ shares, nfs }) => ({ shares, nfs }))).toEqual([
      { shares: [{ tag: 'data', readOnly: true }, ...writable], nfs: undefined },
      { shares: writable, nfs: true },
    ]);
  });

  it('leave out an image that cannot be used, said once until it can', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    let broken = true;
    const machineImage = async (id: string) => {
      if (id === 'tiny' && broken) throw new ImageUnusable(id, 'no disk');
      return IMAGES.machineImage(id);
    };
    const wanted = new WantedTemplates({ all: async () => OFFERED }, { machineImage }, LISTS);
    for (let i = 0; i < 3; i++) expect((await wanted.specs()).map(brief)).toEqual(['other 512']);
    expect(warn.mock.calls).toEqual([['no template of image tiny: no disk']]);
    broken = false;
    expect(await wanted.specs()).toHaveLength(3);
    broken = true;
    await wanted.specs();
    expect(warn).toHaveBeenCalledTimes(2);
  });
});

describe('TemplateKeeper', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let memory: MemoryHypervisor;
  let failing: FailingHypervisor;
  let offered: OfferedPlan[];
  let keeper: TemplateKeeper;

  beforeAll(async () => ({ dataSource, close } = await createTestDataSource()));
  afterAll(() => close());
  beforeEach(async () => {
    await dataSource.query('DELETE FROM template');
    memory = new MemoryHypervisor();
    failing = new FailingHypervisor({}, memory);
    offered = [offer('a', 'tiny', 512, true), offer('b', 'other', 1024)];
    keeper = new TemplateKeeper(dataSource, failing, new WantedTemplates({ all: async () => offered }, IMAGES, LISTS));
  });
  afterEach(() => jest.restoreAllMocks());

  const rows = (hostId = 'local') =>
    dataSource.manager.find(TemplateEntity, { where: { hostId }, order: { position: 'ASC' } });
  const key = async (position: number) => (await rows())[position]?.key ?? '';
  const ask = () => dataSource.query('UPDATE template SET rebuild_asked_at = clock_timestamp() WHERE position = 0');

  it('writes down what the host says, in its order, and each host its own', async () => {
    await keeper.keep('local');
    await keeper.keep('other');
    memory.setTemplate(await key(1), { state: 'building', step: 'Booting', progress: 0.25, failures: 1, machines: 2 });
    await keeper.keep('local');
    expect(await rows()).toMatchObject([
      { imageId: 'tiny', vcpus: 1, memoryMib: 512, diskMib: 1024, state: 'ready', wanted: true, protocol: 'vnc' },
      { imageId: 'other', state: 'building', step: 'Booting', progress: 0.25, failures: 1, machines: 2 },
    ]);
    expect((await rows('other')).map(({ state }) => state)).toEqual(['ready', 'ready']);
  });

  it('tells the hypervisor an offer once, and a changed one again', async () => {
    const told = jest.spyOn(memory, 'keepTemplates');
    await keeper.keep('local');
    await keeper.keep('local');
    expect(told).toHaveBeenCalledTimes(1);
    offered = offered.slice(1);
    await keeper.keep('local');
    expect(told).toHaveBeenCalledTimes(2);
    expect((await rows()).map(({ imageId }) => imageId)).toEqual(['other']);
  });

  it('tells it again after a minute: the host itself may have changed', async () => {
    const told = jest.spyOn(memory, 'keepTemplates');
    await keeper.keep('local');
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 60_000);
    await keeper.keep('local');
    expect(told).toHaveBeenCalledTimes(2);
  });

  it('tells it again when it could not be told', async () => {
    failing.failures = { keepTemplates: new HypervisorUnreachable('told to fail') };
    await expect(keeper.keep('local')).rejects.toThrow(HypervisorUnreachable);
    failing.failures = {};
    await keeper.keep('local');
    expect(await rows()).toHaveLength(2);
  });

  it('has one built anew once for each time it is asked for, however often the hypervisor must be tried', async () => {
    const rebuild = jest.spyOn(memory, 'rebuildTemplate');
    await keeper.keep('local');
    await ask();
    failing.failures = { rebuildTemplate: new HypervisorUnreachable('told to fail') };
    await expect(keeper.keep('local')).rejects.toThrow(HypervisorUnreachable);
    expect((await rows())[0]?.rebuildAskedAt).not.toBeNull();
    failing.failures = {};
    await keeper.keep('local');
    await keeper.keep('local');
    expect(rebuild.mock.calls).toEqual([[await key(0)]]);
    expect((await rows())[0]?.rebuildAskedAt).toBeNull();
  });

  it('keeps a wish that comes while an earlier one is carried out', async () => {
    await keeper.keep('local');
    await ask();
    const rebuild = jest.spyOn(memory, 'rebuildTemplate').mockImplementationOnce(async () => {
      await ask();
    });
    await keeper.keep('local');
    await keeper.keep('local');
    expect(rebuild).toHaveBeenCalledTimes(2);
    expect((await rows())[0]?.rebuildAskedAt).toBeNull();
  });

  it('reports one that is set aside once, and again when it comes to that again', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await keeper.keep('local');
    memory.setTemplate(await key(0), { state: 'set-aside', failures: 2, failure: 'no session after 180 s' });
    await keeper.keep('local');
    await keeper.keep('local');
    expect(error.mock.calls).toEqual([[expect.stringContaining('no session after 180 s')]]);
    memory.setTemplate(await key(0), { state: 'building' });
    await keeper.keep('local');
    memory.setTemplate(await key(0), { state: 'set-aside' });
    await keeper.keep('local');
    expect(error).toHaveBeenCalledTimes(2);
  });
});
