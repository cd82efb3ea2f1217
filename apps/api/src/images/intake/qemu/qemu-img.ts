import { z } from 'zod';
import { BOX_IMAGE, BOX_OUT, BoxOrder, BoxOutcome, runInBox } from '../box/box';
import { program } from '../box/programs';
import { roundUp } from '../bytes/numbers';
import { ImageRefusedError } from '../image-refused';
import { RefusalCode } from '../refusal-codes';
import type { FileIdentity, ImageFormat, IntakeLimits } from '../types';

/** What QEMU calls the formats, with what it must be told to read them as others do. */
const drivers: Record<ImageFormat, Record<string, unknown>> = {
  qcow2: { driver: 'qcow2', backing: null },
  vmdk: { driver: 'vmdk', backing: null },
  vdi: { driver: 'vdi' },
  vhdx: { driver: 'vhdx' },
  // Else it believes the rounded geometry of old disks instead of the size, and cuts off their end.
  vhd: { driver: 'vpc', force_size_calc: 'current_size' },
  raw: { driver: 'raw' },
  iso: { driver: 'raw' },
};

/** Those that QEMU can check; the others are nothing but content and a footer. */
const checked: readonly ImageFormat[] = ['qcow2', 'vmdk', 'vdi', 'vhdx'];

/** A file that our own readers have judged. */
export interface Judged {
  file: string;
  identity: FileIdentity;
  format: ImageFormat;
  virtualBytes: number;
}

type Order = Pick<BoxOrder, 'signal'> & { limits: IntakeLimits };

/** The file with its format named, its parent never opened and nothing probed, as one word of a command line. */
const source = (format: ImageFormat) =>
  `json:${JSON.stringify({ ...drivers[format], file: { driver: 'file', filename: BOX_IMAGE } })}`;

const info = z.looseObject({
  format: z.string(),
  'virtual-size': z.number(),
  'backing-filename': z.never().optional(),
  'full-backing-filename': z.never().optional(),
  encrypted: z.literal(false).optional(),
  'format-specific': z.object({ data: z.looseObject({ 'data-file': z.never().optional(), encrypt: z.never().optional() }) }).optional(),
});

/** Asks QEMU what it sees: it must be what our own reader saw. @throws ImageRefusedError */
export async function askQemu(image: Judged, order: Order): Promise<void> {
  const outcome = await lookAt(image, ['info', '--output=json', source(image.format)], order);
  if (outcome.code !== 0) throw refusedBy(outcome, 'QEMU_DISAGREES');
  const seen = info.safeParse(parsed(outcome.stdout));
  if (!seen.success) throw new ImageRefusedError('QEMU_DISAGREES', z.prettifyError(seen.error));
  const { format, 'virtual-size': size } = seen.data;
  const own = { format: drivers[image.format].driver, size: roundUp(image.virtualBytes, 512) };
  if (format === own.format && size === own.size) return;
  throw new ImageRefusedError('QEMU_DISAGREES', `${format} of ${size} bytes for QEMU, ${own.format} of ${own.size} for us`);
}

/** Has QEMU check the image's own bookkeeping; what is only wasted in it does no harm. @throws ImageRefusedError */
export async function checkByQemu(image: Judged, order: Order): Promise<void> {
  if (!checked.includes(image.format)) return;
  const outcome = await lookAt(image, ['check', '--output=json', source(image.format)], order);
  // 3: leaked clusters, 63: QEMU knows no check for it (qemu-img(1)).
  if (outcome.code === 0 || outcome.code === 3 || outcome.code === 63) return;
  throw refusedBy(outcome, 'CHECK_FAILED');
}

/** Bytes that the file as qcow2 may take at most. @throws ImageRefusedError */
export async function measure(image: Judged, order: Order): Promise<number> {
  const outcome = await lookAt(image, ['measure', '--output=json', '-O', 'qcow2', source(image.format)], order);
  const said = z.object({ required: z.number() }).safeParse(parsed(outcome.stdout));
  if (outcome.code !== 0 || !said.success) throw refusedBy(outcome, 'CONVERT_FAILED');
  return said.data.required;
}

/** Writes `name` into the folder `out`. @throws ImageRefusedError */
export async function convertByQemu(
  image: Judged,
  { out, name, progress, ...order }: Order & { out: string; name: string; progress?: (percent: number) => void },
): Promise<void> {
  const kind = ['-O', 'qcow2', '-o', 'compat=1.1,cluster_size=65536,lazy_refcounts=off'];
  const outcome = await runInBox({
    ...{ file: image.file, identity: image.identity, out, signal: order.signal },
    command: [program('qemu-img'), 'convert', '-p', ...kind, source(image.format), `${BOX_OUT}/${name}`],
    limits: { seconds: order.limits.convertSeconds, memoryMib: order.limits.memoryMib, fileMib: order.limits.fileMib },
    onOutput: (text) => {
      const last = [...text.matchAll(/\(([0-9.]+)\/100%\)/g)].at(-1);
      if (last) progress?.(Math.min(100, Number(last[1])));
    },
  });
  if (outcome.code !== 0) throw refusedBy(outcome, 'CONVERT_FAILED');
}

function lookAt({ file, identity }: Judged, args: string[], { signal, limits }: Order): Promise<BoxOutcome> {
  return runInBox({
    ...{ file, identity, signal, command: [program('qemu-img'), ...args] },
    limits: { seconds: limits.inspectSeconds, memoryMib: limits.memoryMib, fileMib: 1 },
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusedBy({ code, stderr, late }: BoxOutcome, otherwise: RefusalCode): ImageRefusedError {
  if (late) return new ImageRefusedError('TOO_COSTLY', 'ended for taking too long');
  if (/No space left on device|Disk quota exceeded/.test(stderr)) return new ImageRefusedError('NO_ROOM', stderr);
  if (/File too large/.test(stderr)) return new ImageRefusedError('TOO_LARGE', stderr);
  if (/Cannot allocate memory|failed to allocate|out of memory/i.test(stderr)) return new ImageRefusedError('TOO_COSTLY', stderr);
  // Ended by a signal without being late: the limit of the processor, or QEMU itself broke.
  if (code === null) return new ImageRefusedError('TOO_COSTLY', `ended by a signal: ${stderr}`);
  if (/Permission denied/.test(stderr)) return new ImageRefusedError('UNREADABLE', stderr);
  return new ImageRefusedError(otherwise, `exit ${code}: ${stderr}`);
}
