import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineImage, Protocol } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../config';

const imageFile = z.object({
  id: z.string(),
  name: z.string().min(1).max(300),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  boot: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('disk') }),
    z.object({ kind: z.literal('kernel'), cmdline: z.string().max(2000) }),
  ]),
  agent: z.boolean(),
  protocol: z.enum(['vnc', 'rdp']),
  software: z.array(z.string().max(100)).max(1000).default([]),
  /** QEMU's keymap for the layout in the image: a file beside this one. */
  keymap: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/)
    .nullable()
    .default(null),
});
/** What an image's own image.json says of it. */
export type ImageDescription = z.infer<typeof imageFile>;

/** The folder of an image is missing or not what it should be. `message` is for the user, `detail` for the log. */
export class ImageUnusable extends Error {
  constructor(
    readonly imageId: string,
    readonly detail: string,
  ) {
    super('The software image of this desktop is not available here.');
    this.name = 'ImageUnusable';
  }
}

/** Images as folders of IMAGES_DIR: disk.qcow2, image.json, and vmlinuz and initrd.img where the kernel is handed over. */
@Injectable()
export class Images {
  constructor(private readonly config: Pick<Config, 'imagesDir'>) {}

  /** @throws ImageUnusable */
  async describe(id: string): Promise<ImageDescription> {
    const path = join(this.config.imagesDir, id, 'image.json');
    try {
      const described = imageFile.parse(JSON.parse(await readFile(path, 'utf8')));
      if (described.id !== id) throw new Error(`describes the image '${described.id}'`);
      const { boot, keymap } = described;
      const files = ['disk.qcow2', ...(boot.kind === 'kernel' ? ['vmlinuz', 'initrd.img'] : []), ...(keymap === null ? [] : [keymap])];
      await Promise.all(files.map((file) => stat(join(this.config.imagesDir, id, file))));
      return described;
    } catch (error) {
      const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
      throw new ImageUnusable(id, `${path}: ${why}`);
    }
  }

  /** What a hypervisor needs to boot it, links resolved. @throws ImageUnusable */
  async machineImage(id: string): Promise<{ image: MachineImage; protocol: Protocol }> {
    const { boot, agent, protocol, sha256, ...described } = await this.describe(id);
    const folder = await realpath(join(this.config.imagesDir, id));
    const disk = join(folder, 'disk.qcow2');
    const keymap = described.keymap === null ? null : join(folder, described.keymap);
    const image = { id, disk, agent, sha256, keymap };
    if (boot.kind === 'disk') return { image: { ...image, boot: { kind: 'disk' } }, protocol };
    const kernel = join(folder, 'vmlinuz');
    const initrd = join(folder, 'initrd.img');
    return { image: { ...image, boot: { kind: 'kernel', kernel, initrd, cmdline: boot.cmdline } }, protocol };
  }
}
