import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Bytes, ByteSource } from '../bytes/bytes';
import { ImageRefusedError } from '../image-refused';
import { judge } from '../inspect-image';
import { isoWith, rawDisk } from '../testing/disks';
import { descriptor } from '../testing/hostile-parts';
import { freshFolder, qemuImg } from '../testing/places';
import { defaultLimits } from '../types';

const ALLOWANCE = 8 * 1048576;
const folder = freshFolder();
const raw = rawDisk(1);
writeFileSync(join(folder, 'raw'), raw);
const kinds = ['qcow2', 'vdi', 'vmdk', 'vhdx', 'vpc', 'vmdk -o subformat=streamOptimized', 'vpc -o subformat=fixed', 'qcow2 -c -o extended_l2=on'];
const seeds: Record<string, Buffer> = { raw, iso: isoWith(Buffer.from('x')), descriptor: Buffer.from(descriptor('monolithicFlat', 'RW 8 FLAT "x" 0')) };
for (const kind of kinds) {
  const file = join(folder, kind.replaceAll(' ', '_'));
  qemuImg('convert', '-f', 'raw', '-O', ...kind.split(' '), join(folder, 'raw'), file);
  seeds[kind] = readFileSync(file);
}

/** Bytes of a buffer in pieces of `piece(n)`, and how many were read. */
function source(content: Buffer, piece: () => number = () => content.length): ByteSource & { read: jest.Mock } {
  const read = jest.fn(async (into: Buffer, position: number) => {
    const count = Math.min(into.length, Math.max(1, piece()), content.length - position);
    return content.copy(into, 0, position, position + count);
  });
  return { size: content.length, read };
}

/** What comes of it: what is said of the image, or the code. Anything else that is thrown is a fault of ours. */
async function outcome(content: Buffer, piece?: () => number): Promise<unknown> {
  const from = source(content, piece);
  const bytes = new Bytes(from, ALLOWANCE);
  try {
    return await judge(bytes, 'disk', { asRaw: true }, defaultLimits);
  } catch (error) {
    if (error instanceof ImageRefusedError) return error.code;
    throw error;
  } finally {
    for (const [into] of from.read.mock.calls as [Buffer][]) expect(into.length).toBeLessThanOrEqual(1048576);
    expect(bytes.allowance).toBeGreaterThanOrEqual(0);
  }
}

const name = fc.constantFrom(...Object.keys(seeds));
/** Where numbers that matter stand, and anywhere. */
const place = fc.oneof(fc.nat(700), fc.nat(2000), fc.nat(400_000), fc.constantFrom(65536, 196608, 131072, 1048576, 2097152).chain((at) => fc.nat(200).map((more) => at + more)));
const value = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 16 }),
  fc.constantFrom(new Uint8Array(8).fill(255), new Uint8Array(8), new Uint8Array(4).fill(255), Uint8Array.of(127, 255, 255, 255, 255, 255, 255, 255)),
);
const changes = fc.array(fc.tuple(place, value), { maxLength: 6 });

function altered(seed: Buffer, edits: [number, Uint8Array][], cut: number): Buffer {
  const copy = Buffer.from(seed.subarray(0, Math.max(1, seed.length - cut)));
  for (const [at, bytes] of edits) Buffer.from(bytes).copy(copy, Math.min(at, copy.length - 1));
  return copy;
}

describe('readers of foreign bytes', () => {
  it('take what is good', async () => {
    for (const [kind, content] of Object.entries(seeds)) {
      expect(await outcome(content)).toEqual(kind === 'descriptor' ? 'SEVERAL_FILES' : expect.objectContaining({ virtualBytes: expect.any(Number) }));
    }
  });

  it('whatever is altered or cut off: an image or a refusal, within the allowance', async () => {
    await fc.assert(
      fc.asyncProperty(name, changes, fc.oneof(fc.constant(0), fc.nat(300_000)), async (kind, edits, cut) => {
        await expect(outcome(altered(seeds[kind], edits, cut))).resolves.toBeDefined();
      }),
      { numRuns: 1500 },
    );
  });

  it('any bytes behind the mark of a format: an image or a refusal', async () => {
    const marks = Object.values(seeds).map((seed) => seed.subarray(0, 72));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...marks), fc.nat(72), fc.uint8Array({ maxLength: 3000 }), async (mark, keep, rest) => {
        await expect(outcome(Buffer.concat([mark.subarray(0, keep), rest, Buffer.of(0)]))).resolves.toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('bytes that come one at a time, or in any pieces, say the same', async () => {
    await fc.assert(
      fc.asyncProperty(name, changes, fc.infiniteStream(fc.nat(900)), async (kind, edits, pieces) => {
        const content = altered(seeds[kind], edits, 0);
        const piece = () => Number(pieces.next().value);
        expect(await outcome(content, piece)).toEqual(await outcome(content));
      }),
      { numRuns: 100 },
    );
    const { raw: whole } = seeds;
    expect(await outcome(whole, () => 1)).toEqual(await outcome(whole));
  });

  it('a file that becomes shorter while it is read is said to have changed', async () => {
    const bytes = new Bytes({ size: 4096, read: async () => 0 });
    await expect(judge(bytes, 'disk', {}, defaultLimits)).rejects.toMatchObject({ code: 'CHANGED' });
  });

  it('an abort ends the reading', async () => {
    const abort = new AbortController();
    const why = new Error('no longer wanted');
    abort.abort(why);
    await expect(judge(new Bytes(source(raw), ALLOWANCE, abort.signal), 'disk', {}, defaultLimits)).rejects.toBe(why);
  });

  it.each([
    ['disk.QCOW2', 'NAME_MISMATCH'],
    ['disk.iso', 'NAME_MISMATCH'],
    ['disk-flat.vmdk', 'raw'],
    ['disk.img', 'raw'],
    ['disk.constructor', 'raw'],
    ['', 'raw'],
  ])('a raw disk called %s: %s', async (called, expected) => {
    const result = judge(new Bytes(source(raw)), called, {}, defaultLimits).then(
      ({ format }) => format,
      (error: ImageRefusedError) => error.code,
    );
    expect(await result).toBe(expected);
  });
});
