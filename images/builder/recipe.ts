import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BuildFailure } from './failure.ts';

/**
 * How an image is made; `recipe.yaml` in the recipe's folder, beside `files/` (laid over the guest's root) and, for
 * kind `debian`, `setup.sh` (run as root inside the new system).
 */
export interface Recipe {
  /** Also the folder's name and the id under which the portal knows the image. */
  id: string;
  name: string;
  /** initramfs: everything lives in the initrd, the disk is empty. debian: a Debian system on the disk. */
  kind: 'initramfs' | 'debian';
  /** Debian's code name. */
  release: string;
  /** Kernel command line, complete. */
  cmdline: string;
  /** Size of the disk as the guest sees it. An overlay may be larger; the file system is not grown. */
  disk_mib: number;
  /** What the portal tells users that the image holds. */
  software: string[];
  /** Kernel modules the initrd loads, in this order, each after what it needs. */
  modules: string[];
  /** Kernel modules that are only there (with what they need). */
  extra_modules: string[];
  /** Debian packages (kind debian). */
  packages: string[];
  /** all-latin: the keyboard layout of `keyboard/` is the X server's, and its keymap for QEMU lies beside the disk (kind debian). */
  keyboard: 'all-latin' | null;
}

const texts = ['id', 'name', 'kind', 'release', 'cmdline'] as const;
const lists = ['software', 'modules', 'extra_modules', 'packages'] as const;
const keys = new Set<string>([...texts, ...lists, 'disk_mib', 'keyboard']);

/** @throws BuildFailure naming the file and the field when the recipe is not one. */
export function loadRecipe(folder: string): Recipe {
  const file = join(folder, 'recipe.yaml');
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BuildFailure(`${file} can't be read: ${(error as Error).message.split('\n')[0]}`);
  }
  if (typeof content !== 'object' || content === null) throw new BuildFailure(`${file} holds no recipe`);
  const given = content as Record<string, unknown>;
  const refuse = (field: string, why: string): never => {
    throw new BuildFailure(`${file}: ${field} ${why}`);
  };
  for (const key of Object.keys(given)) if (!keys.has(key)) refuse(key, 'is not a field of a recipe');
  const text = (field: string): string => {
    const value = given[field];
    return typeof value === 'string' && value !== '' ? value : refuse(field, 'must be a text');
  };
  const list = (field: string): string[] => {
    const value = given[field] ?? [];
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? value
      : refuse(field, 'must be a list of texts');
  };
  const id = text('id');
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(id)) refuse('id', 'may hold a-z, 0-9 and - only');
  const kind = text('kind');
  const size = given['disk_mib'];
  const keyboard = given['keyboard'] ?? null;
  return {
    id,
    name: text('name'),
    kind: kind === 'initramfs' || kind === 'debian' ? kind : refuse('kind', 'must be initramfs or debian'),
    release: text('release'),
    cmdline: text('cmdline'),
    disk_mib: Number.isInteger(size) && Number(size) > 0 ? Number(size) : refuse('disk_mib', 'must be a whole number'),
    software: list('software'),
    modules: list('modules'),
    extra_modules: list('extra_modules'),
    packages: list('packages'),
    keyboard: keyboard === null || keyboard === 'all-latin' ? keyboard : refuse('keyboard', 'must be all-latin'),
  };
}
