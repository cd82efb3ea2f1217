import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { RunAs } from '../../machine';
import { OVERLAY } from '../argv';
import { MachineOrder } from '../machine-order';
import { confined, dropped, run } from './confined';
import { folderAround, realOf } from './inside';
import { LauncherConfig } from './launcher-config';
import { refused } from './refusals';

type OrderImage = MachineOrder['image'];

export interface CheckedImage {
  /** The image with every path resolved. */
  image: OrderImage;
  /** Folders QEMU must see for it. */
  folders: string[];
  virtualMib: number;
}

const info = z.object({
  format: z.literal('qcow2'),
  'virtual-size': z.number(),
  'backing-filename': z.string().optional(),
  encrypted: z.boolean().optional(),
  'format-specific': z.object({ data: z.looseObject({ 'data-file': z.string().optional() }) }),
});

/** Judged files by what cannot stay the same when the content changes. */
const judged = new Map<string, number>();

/**
 * An image is used only when its files lie in a known folder and its header names no other file: a backing or data file of the
 * host would be read into the guest. The format is named, never probed, and the look is taken confined.
 * @throws MachineRefused image-missing, image-refused
 */
export async function checkImage(config: LauncherConfig, image: OrderImage, runAs: RunAs | null): Promise<CheckedImage> {
  const disk = locate(config, image.disk);
  const boot =
    image.boot.kind !== 'kernel'
      ? image.boot
      : { ...image.boot, kernel: locate(config, image.boot.kernel), initrd: locate(config, image.boot.initrd) };
  const keymap = image.keymap === null ? null : locate(config, image.keymap);
  const files = [disk, ...(boot.kind === 'kernel' ? [boot.kernel, boot.initrd] : []), ...(keymap === null ? [] : [keymap])];
  const folders = [...new Set(files.map(dirname))];
  // An ISO is taken for what it is, bytes of a CD: nothing in it names another file.
  const virtualMib = boot.kind === 'iso' ? 0 : await judge(config, disk, runAs);
  return { image: { ...image, disk, boot, keymap }, folders, virtualMib };
}

function locate(config: LauncherConfig, path: string): string {
  const real = realOf(path);
  if (real === null || !statSync(real).isFile()) throw refused('image-missing', `${path} is not there`);
  if (folderAround(real, config.imageRoots) === null) {
    throw refused('image-refused', `${path} is ${real}, outside ${config.imageRoots.join(':')}`);
  }
  return real;
}

async function judge(config: LauncherConfig, disk: string, runAs: RunAs | null): Promise<number> {
  const { dev, ino, size, mtimeMs, ctimeMs } = statSync(disk);
  const key = [disk, dev, ino, size, mtimeMs, ctimeMs].join(' ');
  const known = judged.get(key);
  if (known !== undefined) return known;
  const command = ['qemu-img', 'info', '--output=json', '-f', 'qcow2', disk];
  const { code, stdout, stderr } = await run(confined(config, runAs, { ro: [dirname(disk)] }, command), 30_000);
  if (code !== 0) throw refused('image-refused', `${disk}: ${stderr.trim()}`);
  const seen = info.safeParse(JSON.parse(stdout));
  if (!seen.success) throw refused('image-refused', `${disk}: ${seen.error.message}`);
  const { data } = seen;
  if (data['backing-filename'] !== undefined) throw refused('image-refused', `${disk} has a backing file`);
  if (data['format-specific'].data['data-file'] !== undefined) throw refused('image-refused', `${disk} has a data file`);
  if (data.encrypted) throw refused('image-refused', `${disk} is encrypted`);
  const virtualMib = Math.ceil(data['virtual-size'] / 1048576);
  judged.set(key, virtualMib);
  return virtualMib;
}

/**
 * Makes the overlay a machine writes to (without a backing: its blank disk), in its own folder, with the backing format named and nothing of the backing opened. Ids are
 * dropped where there is privilege; the folder is reached as the working folder, whatever lies above it.
 */
export async function makeOverlay(folder: string, backing: string | null, sizeMib: number, runAs: RunAs | null): Promise<void> {
  const below = backing === null ? [] : ['-u', '-F', 'qcow2', '-b', backing];
  const command = ['qemu-img', 'create', '-q', '-f', 'qcow2', ...below, OVERLAY, `${sizeMib}M`];
  const { code, stderr } = await run(dropped(runAs, command), 30_000, folder);
  if (code === 0) return;
  const reason = stderr.includes('No space left') ? 'no-disk' : 'start-failed';
  throw refused(reason, `overlay: ${stderr.trim()}`);
}
