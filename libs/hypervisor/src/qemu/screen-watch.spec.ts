import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differing, isText, readPicture, ScreenWatch } from './screen-watch';

const ppm = (width: number, height: number, fill: number) =>
  Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), Buffer.alloc(width * height * 3, fill)]);

describe('ScreenWatch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'screen-watch-'));
  const told = jest.fn();
  let watch: ScreenWatch;
  let looks = 0;

  /** What each look sees; the last one from then on. */
  function showing(pictures: (Buffer | 'nothing' | 'link')[], restlessMs = 60_000): ScreenWatch {
    looks = 0;
    told.mockClear();
    const dump = (name: string): Promise<void> => {
      const picture = pictures[Math.min(looks++, pictures.length - 1)];
      if (picture === 'nothing' || picture === undefined) return Promise.reject(new Error('not now'));
      rmSync(join(folder, name), { force: true });
      if (picture === 'link') symlinkSync('/etc/hostname', join(folder, name));
      else writeFileSync(join(folder, name), picture);
      return Promise.resolve();
    };
    watch = new ScreenWatch(folder, dump, told, { everyMs: 1, restlessMs });
    return watch;
  }
  /** The look before the last one is done by then. */
  async function looked(times: number): Promise<void> {
    while (looks < times) await new Promise((next) => setTimeout(next, 1));
  }
  async function cameUp(): Promise<void> {
    while (!watch.up) await new Promise((next) => setTimeout(next, 1));
  }

  afterEach(() => watch.end());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const [boot, one, other] = [ppm(720, 400, 1), ppm(64, 48, 2), ppm(64, 48, 3)];

  it('is up once the picture is out of text mode and stands still, tells it once, and looks no more', async () => {
    showing([boot, 'nothing', one, other, other]).begin(false);
    await cameUp();
    expect([told.mock.calls.length, looks]).toEqual([1, 5]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not up in text mode, however still that is, nor while the picture changes', async () => {
    showing([boot]).begin(false);
    await looked(10);
    expect(watch.up).toBe(false);
    watch.end();
    showing([...Array<Buffer[]>(10).fill([one, other]).flat(), boot]).begin(false);
    await looked(20);
    expect(watch.up).toBe(false);
  });

  it('takes one that never stands still after some time', async () => {
    showing(Array<Buffer[]>(10_000).fill([one, other]).flat(), 5).begin(false);
    await cameUp();
    expect(looks).toBeGreaterThan(1);
  });

  it('is content with any picture out of text mode where the machine ran already', async () => {
    showing([boot, one]).begin(true);
    await cameUp();
    expect(looks).toBe(2);
  });

  it('begins anew with the guest', async () => {
    showing([one, one, boot]).begin(false);
    await cameUp();
    watch.reset();
    expect(watch.up).toBe(false);
    watch.begin(false);
    await looked(6);
    expect(watch.up).toBe(false);
  });

  it('follows no link of the machine', async () => {
    showing(['link', boot]).begin(true);
    await looked(3);
    expect(watch.up).toBe(false);
  });
});

describe('the pictures of QEMU', () => {
  it('are taken whole or not at all', () => {
    const whole = ppm(2, 2, 7);
    expect(readPicture(whole)).toEqual({ width: 2, height: 2, pixels: Buffer.alloc(12, 7) });
    for (const broken of [whole.subarray(0, -1), Buffer.from('P5\n2 2\n255\n'), Buffer.alloc(0)]) expect(readPicture(broken)).toBeNull();
  });

  it('are of text mode by their size alone', () => {
    expect([[720, 400], [640, 400], [640, 480], [1280, 800]].map(([width = 0, height = 0]) => isText({ width, height }))).toEqual(
      [true, true, false, false],
    );
  });

  it('differ by what changed, and wholly where their size did', () => {
    const [a, b] = [readPicture(ppm(10, 10, 0)), readPicture(ppm(10, 10, 0))];
    if (!a || !b) throw new Error('no pictures');
    b.pixels[0] = 1;
    expect(differing(a, b)).toBeCloseTo(1 / 300);
    expect(differing(a, { ...b, height: 5 })).toBe(1);
  });
});
