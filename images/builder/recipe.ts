import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { BuildFailure } from './failure.ts';

/**
 * How an image is made; `recipe.yaml` in the recipe's folder, beside `files/` (laid over the guest's root) and, for
 * kind `debian`, `setup.sh` (run as root inside the new system).
 *
 * A recipe may name a `base`, a folder beside its own with `base.yaml`, `files/` and `setup.sh` that several images share:
 * fields of `base.yaml` (all but id and name) stand where the recipe has none, its lists come before the recipe's, its files
 * are laid first and its `setup.sh` is run first, when the files of all are there. A base may name another one.
 */
export interface Recipe {
  /** Also the folder's name and the id under which the portal knows the image. */
  id: string;
  name: string;
  /** Absolute paths of the folders whose files and set-up make the image, in this order: the bases if any, outermost first, then the recipe's. */
  folders: string[];
  /** How the desktop is shown: by a VNC server that the machine's host has, or by an RDP server in the guest. */
  protocol: 'vnc' | 'rdp';
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

type Fields = Record<string, unknown>;

const texts = ['kind', 'release', 'cmdline', 'protocol'] as const;
const lists = ['software', 'modules', 'extra_modules', 'packages'] as const;
const shared = new Set<string>([...texts, ...lists, 'disk_mib', 'base', 'keyboard']);
const own = new Set<string>([...shared, 'id', 'name']);
/** Far more than anybody needs: a base that names itself ends here. */
const MOST_BASES = 4;

/** Refuses one field of one file. */
function refuse(file: string, field: string, why: string): never {
  throw new BuildFailure(`${file}: ${field} ${why}`);
}

function readFields(file: string, known: Set<string>): Fields {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BuildFailure(`${file} can't be read: ${(error as Error).message.split('\n')[0]}`);
  }
  if (typeof content !== 'object' || content === null) throw new BuildFailure(`${file} holds no recipe`);
  const given = content as Fields;
  for (const key of Object.keys(given)) if (!known.has(key)) refuse(file, key, 'is not a field of a recipe');
  return given;
}

function listOf(file: string, given: Fields, field: string): string[] {
  const value = given[field] ?? [];
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value
    : refuse(file, field, 'must be a list of texts');
}

interface Base {
  folder: string;
  file: string;
  given: Fields;
}

/** The bases that a recipe or base names and rests on, outermost first. */
function loadBases(file: string, base: unknown, depth = 0): Base[] {
  if (base === undefined) return [];
  if (depth === MOST_BASES) return refuse(file, 'base', 'is one base too many');
  if (typeof base !== 'string' || !isId(base)) return refuse(file, 'base', 'must be the name of a folder beside');
  const folder = join(dirname(dirname(file)), base);
  const path = join(folder, 'base.yaml');
  if (!existsSync(path)) return refuse(file, 'base', `names ${base}, which has no base.yaml`);
  const given = readFields(path, shared);
  return [...loadBases(path, given['base'], depth + 1), { folder, file: path, given }];
}

const isId = (text: string): boolean => /^[a-z][a-z0-9-]{0,62}$/.test(text);

/** @throws BuildFailure naming the file and the field when the recipe is not one. */
export function loadRecipe(folder: string): Recipe {
  const file = join(folder, 'recipe.yaml');
  const recipe = readFields(file, own);
  const bases = loadBases(file, recipe['base']);
  const given: Fields = Object.assign({ protocol: 'vnc' }, ...bases.map((base) => base.given), recipe);
  const text = (field: string): string => {
    const value = given[field];
    return typeof value === 'string' && value !== '' ? value : refuse(file, field, 'must be a text');
  };
  const list = (field: string): string[] => [
    ...bases.flatMap((base) => listOf(base.file, base.given, field)),
    ...listOf(file, recipe, field),
  ];
  const id = text('id');
  if (!isId(id)) refuse(file, 'id', 'may hold a-z, 0-9 and - only');
  const kind = text('kind');
  if (kind !== 'initramfs' && kind !== 'debian') return refuse(file, 'kind', 'must be initramfs or debian');
  if (bases.length > 0 && kind !== 'debian') refuse(file, 'base', 'is for recipes of kind debian only');
  const protocol = text('protocol');
  if (protocol !== 'vnc' && protocol !== 'rdp') return refuse(file, 'protocol', 'must be vnc or rdp');
  const size = given['disk_mib'];
  const keyboard = given['keyboard'] ?? null;
  return {
    id,
    name: text('name'),
    folders: [...bases.map((base) => base.folder), folder],
    protocol,
    kind,
    release: text('release'),
    cmdline: text('cmdline'),
    disk_mib:
      Number.isInteger(size) && Number(size) > 0 ? Number(size) : refuse(file, 'disk_mib', 'must be a whole number'),
    software: list('software'),
    modules: list('modules'),
    extra_modules: list('extra_modules'),
    packages: list('packages'),
    keyboard: keyboard === null || keyboard === 'all-latin' ? keyboard : refuse(file, 'keyboard', 'must be all-latin'),
  };
}
