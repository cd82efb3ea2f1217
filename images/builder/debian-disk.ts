import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildPlaces } from './build-image.ts';
import { sourcesOf } from './debian-packages.ts';
import { LAYOUT, xkbSymbols, xorgKeyboard } from './keyboard/xkb.ts';
import type { Kernel } from './kernel.ts';
import type { Progress } from './progress.ts';
import type { Recipe } from './recipe.ts';
import { run } from './run.ts';

const isRoot = process.getuid?.() === 0;

/**
 * A mount namespace of its own, where one may be had: what is mounted in the new system is gone with the build, however that
 * ends, and nobody removes the host's /dev or /proc with what a killed one left.
 */
function ownMounts(): string[] {
  const words = ['unshare', '--mount', '--propagation', 'private', '--'];
  const [program = '', ...rest] = words;
  return isRoot && spawnSync(program, [...rest, 'true']).status === 0 ? words : [];
}

/** Tools that only a Debian system on a disk needs. Without root, user namespaces stand in for it (`/etc/subuid`). */
export function debianTools(): string[] {
  return ['mmdebstrap', 'mkfs.ext4', 'tar', ...(isRoot ? [] : ['unshare', 'newuidmap'])];
}

/** Docs, manual pages and translations: half of the small files, read by nobody here. Folders of manual pages stay: Java's packages link into them. */
const excluded = [
  '/usr/share/man/*/*',
  '/usr/share/doc/*',
  '/usr/share/info/*',
  '/usr/share/locale/*',
  '/usr/share/lintian/*',
];

/** Runs the recipe's scripts inside the new system ($1), the bases' first. */
const setUp =
  'for path in "$1"/beamdesk-setup-*.sh; do ' +
  'if [ -e "$path" ]; then chroot "$1" sh "/${path##*/}" && rm "$path" || exit 1; fi; done';

function layKeyboard(folder: string): void {
  const files = [
    { path: `usr/share/X11/xkb/symbols/${LAYOUT}`, text: xkbSymbols() },
    { path: 'etc/X11/xorg.conf.d/20-keyboard.conf', text: xorgKeyboard() },
  ];
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(folder, path), text, { mode: 0o644 });
  }
}

/** Everything that is laid over the packages: the files of the base and the recipe, the agent, the kernel's modules; as one archive. */
async function packOverlay(
  recipe: Recipe,
  places: BuildPlaces,
  kernel: Kernel,
  paths: { work: string; lock: number },
): Promise<string> {
  const folder = join(paths.work, 'overlay');
  const archive = join(paths.work, 'overlay.tar');
  mkdirSync(join(folder, 'usr/sbin'), { recursive: true, mode: 0o755 });
  recipe.folders.forEach((from, index) => {
    const files = join(from, 'files');
    if (existsSync(files)) cpSync(files, folder, { recursive: true });
    const setup = join(from, 'setup.sh');
    if (existsSync(setup)) copyFileSync(setup, join(folder, `beamdesk-setup-${index + 1}.sh`));
  });
  if (recipe.keyboard !== null) layKeyboard(folder);
  copyFileSync(places.agent, join(folder, 'usr/sbin/beamdesk-agent'));
  kernel.install([...recipe.modules, ...recipe.extra_modules], join(folder, 'usr'));
  await run(['tar', '-cf', archive, '--owner=0', '--group=0', '--numeric-owner', '-C', folder, '.'], {
    lock: paths.lock,
    folder: places.target,
  });
  return archive;
}

/**
 * Makes the disk of a `debian` recipe: packages by mmdebstrap, overlay, setup.sh, then one ext4 file system that fills
 * the disk (no partition table), as qcow2.
 */
export async function buildDebianDisk(
  recipe: Recipe,
  places: BuildPlaces,
  kernel: Kernel,
  paths: { work: string; disk: string; lock: number },
  progress: Progress,
): Promise<void> {
  const options = { lock: paths.lock, folder: places.target };
  const overlay = await packOverlay(recipe, places, kernel, paths);
  const sources = join(paths.work, 'sources.list');
  writeFileSync(sources, `${sourcesOf(recipe.release).join('\n')}\n`);
  const root = join(paths.work, 'root');
  const rootTar = join(paths.work, 'root.tar');
  await progress.step(`install ${recipe.packages.length} packages and what they need`, (detail) =>
    run(
      [
        ...ownMounts(),
        'mmdebstrap',
        `--mode=${isRoot ? 'root' : 'unshare'}`,
        `--format=${isRoot ? 'directory' : 'tar'}`,
        '--variant=minbase',
        '--architectures=amd64',
        `--include=${recipe.packages.join(',')}`,
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::Languages "none"',
        '--aptopt=Acquire::Retries "3"',
        '--dpkgopt=force-unsafe-io',
        ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
        `--customize-hook=tar-in ${overlay} /`,
        `--customize-hook=chroot "$1" depmod ${kernel.version}`,
        `--customize-hook=${setUp}`,
        recipe.release,
        isRoot ? root : rootTar,
        sources,
      ],
      { ...options, onLine: detail },
    ),
  );

  const raw = join(paths.work, 'disk.raw');
  writeFileSync(raw, '');
  truncateSync(raw, recipe.disk_mib * 1024 * 1024);
  const format = ['mkfs.ext4', '-q', '-F', '-L', 'beamdesk', '-m', '1', '-E', 'lazy_itable_init=1,nodiscard', '-d'];
  await progress.step('make the file system', async () => {
    if (isRoot) return run([...format, root, raw], options);
    // A namespace in which the files can have all their owners; whoever builds is root in it.
    const script = 'mkdir "$1" && tar -xpf "$2" --numeric-owner -C "$1" && shift 2 && exec "$@"';
    const namespace = ['unshare', '--user', '--map-root-user', '--map-auto', 'sh', '-c', script, 'sh', root, rootTar];
    await run([...namespace, ...format, root, raw], options);
    return run(['unshare', '--user', '--map-root-user', '--map-auto', 'rm', '-rf', root], options);
  });
  rmSync(root, { recursive: true, force: true });
  await progress.step('convert the disk', () =>
    run(['qemu-img', 'convert', '-O', 'qcow2', '-o', 'lazy_refcounts=off', raw, paths.disk], options),
  );
  progress.say(`the disk takes ${Math.round((statSync(paths.disk).blocks * 512) / 1024 / 1024)} MiB`);
}
