import { chmod, chown, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BOX_ID } from './box/box';
import { Bytes } from './bytes/bytes';
import { copyFile, hashFile } from './bytes/copy-file';
import { openFile, sameFile } from './bytes/open-file';
import { roundUp } from './bytes/numbers';
import { readQcow2 } from './formats/qcow2';
import { ImageRefusedError } from './image-refused';
import { convertByQemu, Judged, measure } from './qemu/qemu-img';
import { demandRoom } from './room';
import { ConvertedImage, ConvertImage, ConvertOptions, defaultLimits, IntakeLimits } from './types';

const RESULT = 'disk';

/** See `ConvertImage`. What an ended process left half done beside the target is removed by the next attempt at the same target. */
export const convertImage: ConvertImage = async (file, inspected, target, options = {}) => {
  const limits = { ...defaultLimits, ...options.limits };
  const image: Judged = { file, ...inspected };
  const work = join(dirname(target), `.${basename(target)}.intake`);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o700 });
  try {
    await sameFile(file, inspected.identity);
    const made = await (inspected.format === 'iso' ? copy : convert)(image, work, limits, options);
    options.signal?.throwIfAborted();
    await chmod(join(work, RESULT), 0o444);
    await settle(work, target);
    return made;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

async function copy(image: Judged, work: string, limits: IntakeLimits, { signal, progress }: ConvertOptions): Promise<ConvertedImage> {
  const source = await openFile(image.file, limits.fileMib);
  try {
    await demandRoom(work, source.size);
    const sha256 = await copyFile(source, join(work, RESULT), signal, (bytes) => progress?.((100 * bytes) / source.size));
    await sameFile(image.file, image.identity);
    return { sha256, sizeBytes: source.size };
  } finally {
    await source.close();
  }
}

async function convert(image: Judged, work: string, limits: IntakeLimits, { signal, progress }: ConvertOptions): Promise<ConvertedImage> {
  const required = await measure(image, { signal, limits });
  await demandRoom(work, required);
  const root = process.getuid?.() === 0;
  if (root) await chown(work, BOX_ID, BOX_ID);
  await convertByQemu(image, { out: work, name: RESULT, progress, signal, limits });
  if (root) await chown(work, 0, 0);
  await sameFile(image.file, image.identity);
  const made = await openFile(join(work, RESULT), limits.fileMib);
  try {
    if (root) await chown(join(work, RESULT), 0, 0);
    const header = await readQcow2(new Bytes(made, undefined, signal));
    const right = header.virtualBytes === roundUp(image.virtualBytes, 512);
    if (!right) throw new ImageRefusedError('CONVERT_FAILED', `${header.virtualBytes} bytes were made of ${image.virtualBytes}`);
    return { sha256: await hashFile(made, signal), sizeBytes: made.size };
  } finally {
    await made.close();
  }
}

/** On the disk first, then under its name. */
async function settle(work: string, target: string): Promise<void> {
  await sync(join(work, RESULT));
  await rename(join(work, RESULT), target);
  await sync(dirname(target));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
