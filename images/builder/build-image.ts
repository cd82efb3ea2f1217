import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, createReadStream, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { buildDebianDisk, debianTools } from './debian-disk.ts';
import { packInitramfs } from './initramfs.ts';
import { fetchKernel } from './kernel.ts';
import { KEYMAP, qemuKeymap } from './keyboard/qemu-keymap.ts';
import type { Progress } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { requireTools, run } from './run.ts';

export interface BuildPlaces {
  /** The agent's file. */
  agent: string;
  /** Initrd files that find and mount the disk of a `debian` recipe. */
  diskBoot: string;
  /** Empty folder that becomes the image. */
  target: string;
}

const commonTools = ['apt-get', 'cpio', 'dpkg', 'qemu-img', 'setpriv'];

/** Makes one image: disk.qcow2, vmlinuz, initrd.img, image.json and, for a keyboard of ours, its keymap; in `places.target`. */
export async function buildImage(recipe: Recipe, places: BuildPlaces, lock: number, progress: Progress): Promise<void> {
  requireTools([...commonTools, ...(recipe.kind === 'debian' ? debianTools() : [])]);
  const work = join(places.target, 'work');
  mkdirSync(work);
  const options = { lock, folder: places.target };
  const disk = join(places.target, 'disk.qcow2');
  const kernel = await progress.step('fetch the kernel', () => fetchKernel(work, recipe.release, options));
  copyFileSync(kernel.vmlinuz, join(places.target, 'vmlinuz'));

  if (recipe.kind === 'debian') {
    await buildDebianDisk(recipe, places, kernel, { work, disk, lock }, progress);
  } else {
    await run(['qemu-img', 'create', '-q', '-f', 'qcow2', disk, `${recipe.disk_mib}M`], options);
  }
  const overlays =
    recipe.kind === 'debian'
      ? [{ from: places.diskBoot, to: '.' }]
      : [
          ...recipe.folders
            .map((folder) => join(folder, 'files'))
            .filter((files) => existsSync(files))
            .map((files) => ({ from: files, to: '.' })),
          { from: places.agent, to: 'usr/sbin/beamdesk-agent' },
        ];
  await progress.step('pack the initrd', () =>
    packInitramfs(
      { modules: recipe.modules, extraModules: recipe.kind === 'debian' ? [] : recipe.extra_modules, overlays },
      kernel,
      work,
      join(places.target, 'initrd.img'),
      options,
    ),
  );
  rmSync(work, { recursive: true, force: true });
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(disk), sha256);
  const image = {
    id: recipe.id,
    name: recipe.name,
    sha256: sha256.digest('hex'),
    boot: { kind: 'kernel', cmdline: recipe.cmdline },
    agent: true,
    protocol: recipe.protocol,
    software: recipe.software,
    keymap: recipe.keyboard === null ? null : KEYMAP,
  };
  if (image.keymap) writeFileSync(join(places.target, image.keymap), qemuKeymap());
  writeFileSync(join(places.target, 'image.json'), `${JSON.stringify(image, null, 2)}\n`);
  const names = ['disk.qcow2', 'vmlinuz', 'initrd.img', 'image.json', ...(image.keymap ? [image.keymap] : [])];
  for (const name of names) chmodSync(join(places.target, name), 0o644);
  chmodSync(places.target, 0o755);
}
