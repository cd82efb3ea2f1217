import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MachineImage, Protocol } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Config } from '../config';
import type { ImageVersionEntity } from './entities/image-version.entity';
import { contentFile } from './image-folders';

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

/** The folder or the content of an image is missing or not what it should be. `message` is for the user, `detail` for the log. */
export class ImageUnusable extends Error {
  constructor(
    readonly imageId: string,
    readonly detail: string,
  ) {
    super('The software image of this desktop is not available here.');
    this.name = 'ImageUnusable';
  }
}

/** Asks for a version of an image; null: there is none. */
export type FindVersion = (imageId: string, number: number) => Promise<ImageVersionEntity | null>;

/**
 * What machines boot. An image of the site file is a folder of IMAGES_DIR: disk.qcow2, image.json, and vmlinuz and initrd.img where the
 * kernel is handed over. A version that admins registered is a file of the store, found by its content.
 */
@Injectable()
export class Images {
  constructor(
    private readonly config: Pick<Config, 'imagesDir' | 'dataDir'>,
    private readonly findVersion: FindVersion = async () => null,
  ) {}

  /** Of a folder. @throws ImageUnusable */
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

  /**
   * What a hypervisor needs to boot it, links resolved.
   * @param version null: what its folder holds
   * @throws ImageUnusable
   */
  async machineImage(id: string, version: number | null = null): Promise<{ image: MachineImage; protocol: Protocol }> {
    if (version === null) return this.fromFolder(id);
    const row = await this.findVersion(id, version);
    if (!row) throw new ImageUnusable(id, `there is no version ${version}`);
    return row.source.kind === 'recipe' ? this.fromFolder(id) : this.fromStore(row);
  }

  private async fromFolder(id: string): Promise<{ image: MachineImage; protocol: Protocol }> {
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

  private async fromStore(row: ImageVersionEntity): Promise<{ image: MachineImage; protocol: Protocol }> {
    const { imageId: id, number, sha256, boot, protocol, agent, architecture, firmware, clonable } = row;
    if (sha256 === null || boot.kind === 'kernel') throw new ImageUnusable(id, `version ${number} is ${row.state}`);
    const file = contentFile(this.config.dataDir, sha256, boot.kind);
    const disk = await realpath(file).catch((error: unknown) => {
      throw new ImageUnusable(id, `version ${number}: ${String(error)}`);
    });
    return { image: { id, disk, boot, agent, sha256, keymap: null, architecture, firmware, clonable }, protocol };
  }
}
