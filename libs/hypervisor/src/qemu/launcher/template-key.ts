import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { Accelerator, qemuArgv } from '../argv';
import { TemplateOrder } from '../machine-order';
import { confined, run } from './confined';
import { contentSum } from './content-sum';
import { CheckedImage } from './images';
import { LauncherConfig } from './launcher-config';
import { refused } from './refusals';

/** Changes when what is saved, or how it is made, changes although the words below stay the same. */
const RECIPE = 1;

/**
 * The name of the template for these machines: a SHA-256 over everything that must be equal between what is saved and what is
 * resumed from it. That is the machine's own words (type, CPU, memory, devices and their order), the image's content, QEMU's
 * version, the accelerator and, where the guest sees the real processor, that.
 */
export async function keyOf(
  config: LauncherConfig,
  order: TemplateOrder,
  { image }: CheckedImage,
  accelerator: Accelerator,
): Promise<string> {
  const { flavour, protocol, shares, nfs } = order;
  const boot = image.boot.kind !== 'kernel' ? image.boot : { ...image.boot, kernel: '/kernel', initrd: '/initrd' };
  const machine = {
    ...{ id: '', installation: '', runAs: null, requestId: null, template: null, shares: [], nfs: [], network: 'none' as const, cloudInit: null, gpus: [], flavour },
    image: { ...image, disk: '/disk', boot },
    console: { protocol, port: 5900 },
  };
  const mounts = shares.map(({ tag, kind, readOnly }) => ({ tag, kind, readOnly, path: '/', security: 'none' as const }));
  const words = qemuArgv(machine, accelerator, mounts, { kind: 'save', memory: '/memory', backing: ['/disk'], nfs: nfs ? [] : null });
  const { size, mtimeMs } = statSync(image.disk);
  const parts = {
    ...{ recipe: RECIPE, words, diskMib: flavour.diskMib, disk: [image.sha256, size, mtimeMs] },
    kernel: image.boot.kind === 'kernel' ? [await sumOf(image.boot.kernel), await sumOf(image.boot.initrd)] : [],
    qemu: await qemuVersion(config),
    processor: accelerator === 'kvm' ? processor() : accelerator,
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const sums = new Map<string, Promise<string>>();

/** Of a file's content, read again only when the file changed. */
function sumOf(path: string): Promise<string> {
  const key = `${path} ${stampOf(path)}`;
  const sum = sums.get(key) ?? contentSum(path);
  sums.set(key, sum);
  return sum;
}

let version: { stamp: string; text: Promise<string> } | null = null;
const BINARY = '/usr/bin/qemu-system-x86_64';

/** What the QEMU on this host calls itself; asked again when its file changes, as an upgrade does. */
function qemuVersion(config: LauncherConfig): Promise<string> {
  const stamp = statSync(BINARY, { throwIfNoEntry: false }) ? stampOf(BINARY) : '';
  if (version?.stamp !== stamp || stamp === '') {
    const text = run(confined(config, config.runAs, {}, ['qemu-system-x86_64', '--version']), 20_000).then(({ code, stdout, stderr }) => {
      if (code !== 0) throw refused('start-failed', `qemu-system-x86_64 --version: ${stderr.trim()}`);
      return stdout.split('\n', 1)[0] ?? '';
    });
    version = { stamp, text };
    text.catch(() => (version = null));
  }
  return version.text;
}

/** From 8.2 on, QEMU can keep a copy's memory file open for reading only (`readonly=on,rom=off`). */
export async function opensMemoryReadOnly(config: LauncherConfig): Promise<boolean> {
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(await qemuVersion(config)) ?? [];
  return Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 2);
}

function stampOf(path: string): string {
  const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
  return [dev, ino, size, mtimeMs, ctimeMs].join(' ');
}

/** What `-cpu host` shows to a guest: another model or microcode is another machine. */
function processor(): string {
  const first = readFileSync('/proc/cpuinfo', 'utf8').split('\n\n', 1)[0] ?? '';
  return first.split('\n').filter((line) => /^(vendor_id|cpu family|model|model name|stepping|microcode|flags)\s*:/.test(line)).join('\n');
}
