import { chmodSync, closeSync, copyFileSync, cpSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from './kernel.ts';
import { run, type RunOptions } from './run.ts';

/**
 * Packs an initrd: busybox with a link for each of its programs, the kernel modules, and the files laid over it.
 * `/etc/modules.load` and `/etc/modules.extra` list modules as absolute paths in loading order.
 * Not compressed: the kernel copies it faster than it unpacks it, most of all without hardware virtualisation.
 */
export async function packInitramfs(
  what: { modules: string[]; extraModules: string[]; overlays: { from: string; to: string }[] },
  kernel: Kernel,
  folder: string,
  target: string,
  options: RunOptions,
): Promise<void> {
  const root = join(folder, 'initramfs');
  for (const name of ['bin', 'dev', 'proc', 'sys', 'run', 'etc', 'data', 'scratch', 'tmp', 'root', 'usr/sbin', 'var']) {
    mkdirSync(join(root, name), { recursive: true, mode: 0o755 });
  }
  symlinkSync('bin', join(root, 'sbin'));
  copyFileSync(kernel.busybox, join(root, 'bin/busybox'));
  chmodSync(join(root, 'bin/busybox'), 0o755);
  const applets = (await run([kernel.busybox, '--list'], options)).split('\n').filter(Boolean);
  for (const applet of applets) if (applet !== 'busybox') symlinkSync('busybox', join(root, 'bin', applet));
  const moduleRoot = `/lib/modules/${kernel.version}`;
  kernel.install([...what.modules, ...what.extraModules], root);
  const loaded = kernel.closure(what.modules);
  const extra = kernel.closure([...what.modules, ...what.extraModules]).filter((path) => !loaded.includes(path));
  const listing = (paths: string[]): string => paths.map((path) => `${moduleRoot}/${path}\n`).join('');
  writeFileSync(join(root, 'etc/modules.load'), listing(loaded));
  writeFileSync(join(root, 'etc/modules.extra'), listing(extra));
  for (const { from, to } of what.overlays) cpSync(from, join(root, to), { recursive: true });
  const archive = openSync(target, 'w', 0o644);
  try {
    // Sorted and without inode numbers and owners, so that the same content packs to the same bytes.
    const pack =
      'find . -mindepth 1 -exec touch -h -d @0 {} + && find . -mindepth 1 | LC_ALL=C sort | ' +
      'cpio --quiet -o -H newc -R 0:0 --reproducible';
    await run(['sh', '-c', pack], { ...options, cwd: root, stdout: archive });
  } finally {
    closeSync(archive);
  }
}
