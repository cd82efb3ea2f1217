import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Cards } from './cards';
import { discoverGpus } from './discover';
import { FakeFunction, FakeSysfs } from './testing/fake-sysfs';

const PICTURE = '0000:65:00.0';
const SOUND = '0000:65:00.1';
const card: FakeFunction[] = [
  { address: PICTURE, pciClass: '0x030200', group: 14, driver: 'nvidia', numaNode: 1 },
  { address: SOUND, pciClass: '0x040300', group: 14, driver: 'snd_hda_intel', reset: false },
];
const bridge: FakeFunction = { address: '0000:60:02.0', pciClass: '0x060400', group: 14, vendor: '0x8086', driver: 'pcieport' };
const ethernet: FakeFunction = { address: '0000:3b:00.0', pciClass: '0x020000', group: 7, vendor: '0x8086', device: '0x1521', driver: 'igb' };

let sysfs: FakeSysfs;
let running: string[] = [];
const made = (...functions: FakeFunction[]) => (sysfs = new FakeSysfs(functions));
const found = (allow = [PICTURE]) => discoverGpus({ sysfs: sysfs.root, allow });
afterEach(() => {
  running = [];
  sysfs.remove();
});

describe('graphics cards', () => {
  it('are found with all their functions, and what is beside them in their group', () => {
    made(...card, bridge, ethernet);
    expect(found()).toEqual([
      {
        ...{ address: PICTURE, functions: [PICTURE, SOUND], vendor: '10de', device: '20b0', pciClass: '0302', driver: 'nvidia' },
        ...{ iommuGroup: 14, groupMembers: ['0000:60:02.0', PICTURE, SOUND], numaNode: 1, mdevTypes: [], allowed: true, unusable: null },
      },
    ]);
  });

  it('are never what is none: an Ethernet card is not, though it is allowed and vfio-pci has it', () => {
    made({ ...ethernet, driver: 'vfio-pci' }, { ...ethernet, address: '0000:3b:00.1', pciClass: '0x028000' });
    expect(found(['0000:3b:00.0', '0000:3b:00.1'])).toEqual([]);
    expect(() => cards(['0000:3b:00.0']).bind('0000:3b:00.0')).toThrow(expect.objectContaining({ reason: 'gpu-unusable' }));
    expect(sysfs.text('0000:3b:00.0', 'driver_override')).toBe('');
  });

  it.each([
    ['an Ethernet card in its group', [...card, { ...ethernet, group: 14 }], /0000:3b:00\.0 \(class 0200\)/],
    ['another card in its group', [...card, { ...card[0], address: '0000:66:00.0' }], /0000:66:00\.0 \(class 0302\)/],
    ['a stranger in the group of its sound', [card[0], { ...card[1], group: 15 }, { ...ethernet, group: 15 }], /0000:3b:00\.0/],
    ['no IOMMU', card.map((each) => ({ ...each, group: null })), /IOMMU is off/],
    ['no IOMMU for its sound', [card[0], { ...card[1], group: null }], /IOMMU is off/],
    ['the host’s own console', [{ ...card[0], bootVga: true }, card[1]], /own console/],
    ['no way to be reset', [{ ...card[0], reset: false }, card[1]], /cannot be reset/],
  ] as [string, FakeFunction[], RegExp][])('with %s are not usable, and say why', (_, functions, why) => {
    made(...functions);
    expect(found().find(({ address }) => address === PICTURE)?.unusable).toMatch(why);
  });

  it('that the site does not name are told and not usable', () => {
    made(...card);
    expect(found([])).toEqual([expect.objectContaining({ address: PICTURE, allowed: false, unusable: expect.stringMatching(/site/) })]);
  });

  it('with two pictures are one card, and tell their kinds of mediated device', () => {
    made({ ...card[0], mdev: ['nvidia-471', 'nvidia-472'] } as FakeFunction, { ...card[1], pciClass: '0x030000' } as FakeFunction);
    expect(found()).toEqual([expect.objectContaining({ address: PICTURE, mdevTypes: ['nvidia-471', 'nvidia-472'] })]);
  });

  it('are none on a host without PCI', () => {
    made();
    rmSync(join(sysfs.root, 'bus'), { recursive: true });
    expect(found()).toEqual([]);
  });
});

/** As the kernel: what is written to unbind and probe happens before the write returns. */
class LiveCards extends Cards {
  protected override write(path: string, text: string): void {
    super.write(path, text);
    if (path.endsWith('driver/unbind')) sysfs.setDriver(text, null);
    if (path.endsWith('drivers_probe') && sysfs.driverOf(text) === null) sysfs.probe(text);
  }
}

const cards = (allow = [PICTURE]) => new LiveCards({ allow, sysfs: sysfs.root, inUse: (address) => running.includes(address) });
const drivers = () => [PICTURE, SOUND].map((address) => sysfs.driverOf(address));
const refusal = (detail: RegExp) => expect.objectContaining({ reason: 'gpu-unusable', detail: expect.stringMatching(detail) });

describe('a card for a machine', () => {
  it('is taken from the host whole, reset, and given back reset', () => {
    made(...card, bridge);
    cards().bind(PICTURE);
    expect(drivers()).toEqual(['vfio-pci', 'vfio-pci']);
    expect(sysfs.driverOf(bridge.address)).toBe('pcieport');
    expect(sysfs.text(PICTURE, 'reset')).toBe('1');
    expect(cards().ready([PICTURE])).toEqual({ functions: [[PICTURE, SOUND]], groups: [14] });
    cards().release(PICTURE);
    expect(drivers()).toEqual(['nvidia', 'snd_hda_intel']);
    expect(sysfs.text(PICTURE, 'driver_override')).toBe('');
  });

  it('may be taken and given back twice', () => {
    made(...card);
    for (const done of [['vfio-pci', 'vfio-pci'], ['vfio-pci', 'vfio-pci']]) {
      cards().bind(PICTURE);
      expect(drivers()).toEqual(done);
    }
    for (const done of [['nvidia', 'snd_hda_intel'], ['nvidia', 'snd_hda_intel']]) {
      cards().release(PICTURE);
      expect(drivers()).toEqual(done);
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('killed after %d writes, is taken or given back whole by whoever comes next', (writes) => {
    let left = writes;
    class Dying extends LiveCards {
      protected override write(path: string, text: string): void {
        if (left-- <= 0) throw new Error('killed');
        super.write(path, text);
      }
    }
    const dying = () => new Dying({ allow: [PICTURE], sysfs: sysfs.root, inUse: () => false });
    const half = (what: () => void) => {
      left = writes;
      try {
        what();
      } catch (error) {
        expect(error).toMatchObject({ message: 'killed' });
      }
    };
    made(...card);
    half(() => dying().bind(PICTURE));
    cards().bind(PICTURE);
    expect(drivers()).toEqual(['vfio-pci', 'vfio-pci']);
    half(() => dying().release(PICTURE));
    cards().release(PICTURE);
    expect(drivers()).toEqual(['nvidia', 'snd_hda_intel']);
    half(() => dying().bind(PICTURE));
    cards().release(PICTURE);
    expect(drivers()).toEqual(['nvidia', 'snd_hda_intel']);
  });

  it('that a machine has is neither given to another, nor reset, nor given back', () => {
    made(...card);
    cards().bind(PICTURE);
    running = [SOUND];
    for (const what of [() => cards().bind(PICTURE), () => cards().release(PICTURE), () => cards().ready([PICTURE])]) {
      expect(what).toThrow(refusal(/a machine that runs has 0000:65:00\.1/));
    }
    expect(drivers()).toEqual(['vfio-pci', 'vfio-pci']);
  });

  it('is not ready while the host has it', () => {
    made(...card);
    expect(() => cards().ready([PICTURE])).toThrow(refusal(/nvidia's, not vfio-pci's/));
  });

  it('is not taken without the kernel’s module', () => {
    sysfs = new FakeSysfs(card, ['nvidia', 'snd_hda_intel']);
    expect(() => cards().bind(PICTURE)).toThrow(refusal(/vfio-pci is not loaded/));
    expect(drivers()).toEqual(['nvidia', 'snd_hda_intel']);
  });

  it.each(['0000:ff:00.0', '../../etc', SOUND])('is not %s', (address) => {
    made(...card);
    expect(() => cards([PICTURE, address]).bind(address)).toThrow(refusal(/no graphics card/));
    cards([PICTURE, address]).release(address);
  });
});
