import { accessSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Accelerator } from '../argv';
import { confined, privileged, run } from './confined';
import { realOf } from './inside';
import { LauncherConfig } from './launcher-config';

export interface Proof {
  accelerator: Accelerator;
  /** Why KVM is not used although it was asked for or might be there. */
  warning: string | null;
  /** False when there was nothing to try it with yet. */
  final: boolean;
}

/** How long the throw-away guest may take to its known point; natively it takes about one second. */
const PROBE_MS = 15_000;

/**
 * /dev/kvm can open, answer and make a machine while an ordinary 64-bit guest hangs for ever on it. So KVM is used only when the
 * processor says it can and a throw-away guest arrives: a real kernel without a root disk, which panics and, told to
 * reboot then, ends QEMU (`-no-reboot`).
 */
export async function proveKvm(config: LauncherConfig): Promise<Proof> {
  if (config.accelerator === 'tcg') return { accelerator: 'tcg', warning: null, final: true };
  if (config.accelerator === 'kvm') return { accelerator: 'kvm', warning: null, final: true };
  const tcg = (why: string, final = true): Proof => {
    return { accelerator: 'tcg', warning: `Desktops are emulated, which is slow: ${why}.`, final };
  };
  if (!exists('/dev/kvm')) return tcg('there is no /dev/kvm');
  if (!/^flags\s*:.*\b(vmx|svm)\b/m.test(readFileSync('/proc/cpuinfo', 'utf8'))) {
    return tcg('the processor offers no hardware virtualisation (no vmx or svm)');
  }
  const kernel = anyKernel(config.imageRoots);
  if (!kernel) return tcg('no image with a kernel is there to try hardware virtualisation with', false);
  const { code, stderr } = await run(probeCommand(config, kernel), PROBE_MS);
  if (code === 0) return { accelerator: 'kvm', warning: null, final: true };
  return tcg(code === null ? 'a test guest did not get anywhere with /dev/kvm' : `a test guest failed: ${stderr.trim()}`);
}

export function probeCommand(config: LauncherConfig, kernel: string): string[] {
  const command = [
    ...['qemu-system-x86_64', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-machine', 'q35'],
    ...['-accel', 'kvm', '-cpu', 'host', '-m', '256M', '-kernel', kernel, '-append', 'panic=-1 quiet'],
  ];
  const runAs = config.runAs && { ...config.runAs, groups: kvmGroups() };
  return confined(config, runAs, { ro: [dirname(kernel)], dieWithParent: true }, command);
}

/** The group that may use /dev/kvm, where it is one that can be given. */
export function kvmGroups(): number[] {
  try {
    const { gid, mode } = statSync('/dev/kvm');
    return privileged() && gid > 0 && (mode & 0o060) === 0o060 ? [gid] : [];
  } catch {
    return [];
  }
}

function anyKernel(roots: string[]): string | null {
  for (const root of roots) {
    for (const name of exists(root) ? readdirSync(root) : []) {
      const kernel = realOf(join(root, name, 'vmlinuz'));
      if (kernel) return kernel;
    }
  }
  return null;
}

function exists(path: string): boolean {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
}
