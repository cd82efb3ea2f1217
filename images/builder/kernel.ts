import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BuildFailure } from './failure.ts';
import { PackageSource } from './debian-packages.ts';
import { run, type RunOptions } from './run.ts';

/** Debian's kernel and static busybox, unpacked in the build folder. */
export interface Kernel {
  /** e.g. `6.1.0-56-amd64` */
  version: string;
  vmlinuz: string;
  busybox: string;
  /** Paths of the modules (relative to `/lib/modules/<version>`), in an order in which they can be loaded. */
  closure(names: string[]): string[];
  /** Copies those modules, and what the kernel brings of itself, to `<root>/lib/modules/<version>`. */
  install(names: string[], root: string): void;
}

/** A module's name: `-` and `_` are one and the same to the kernel. */
const moduleName = (path: string): string => basename(path).replace(/\.ko$/, '').replaceAll('-', '_');

/** @param folder scratch of this build */
export async function fetchKernel(folder: string, release: string, options: RunOptions): Promise<Kernel> {
  const source = new PackageSource(join(folder, 'apt'), release, options);
  await source.update();
  const unpacked = join(folder, 'kernel');
  await source.unpack(await source.kernelPackage(), unpacked);
  await source.unpack('busybox-static', unpacked);
  const version = readdirSync(join(unpacked, 'lib/modules'))[0];
  if (!version) throw new BuildFailure('the kernel package holds no modules');
  const busybox = join(unpacked, 'bin/busybox');
  await run([busybox, 'depmod', '-b', unpacked, version], options);
  const modules = join(unpacked, 'lib/modules', version);
  const needs = new Map<string, { path: string; needs: string[] }>();
  for (const line of readFileSync(join(modules, 'modules.dep'), 'utf8').split('\n')) {
    const [path, rest] = line.split(':');
    if (path && rest !== undefined) {
      needs.set(moduleName(path), { path, needs: rest.split(/\s+/).filter(Boolean).map(moduleName) });
    }
  }
  const builtIn = new Set(readFileSync(join(modules, 'modules.builtin'), 'utf8').split('\n').map(moduleName));

  const closure = (names: string[]): string[] => {
    const order = new Set<string>();
    const visit = (name: string): void => {
      const entry = needs.get(name);
      if (!entry) {
        if (builtIn.has(name)) return;
        throw new BuildFailure(`the kernel ${version} has no module ${name}`);
      }
      if (order.has(entry.path)) return;
      for (const need of entry.needs) visit(need);
      order.add(entry.path);
    };
    for (const name of names) visit(name.replaceAll('-', '_'));
    return [...order];
  };
  const install = (names: string[], root: string): void => {
    const target = join(root, 'lib/modules', version);
    for (const path of closure(names)) {
      mkdirSync(join(target, dirname(path)), { recursive: true });
      cpSync(join(modules, path), join(target, path));
    }
    mkdirSync(target, { recursive: true });
    for (const file of ['modules.builtin', 'modules.builtin.modinfo', 'modules.order']) {
      cpSync(join(modules, file), join(target, file));
    }
    writeFileSync(join(target, 'modules.softdep'), '');
  };
  return { version, vmlinuz: join(unpacked, 'boot', `vmlinuz-${version}`), busybox, closure, install };
}
