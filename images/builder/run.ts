import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { asDiskFull, BuildFailure } from './failure.ts';

/** Tools a build uses and the Debian package that brings each. */
const packageOf: Record<string, string> = {
  'apt-get': 'apt',
  cpio: 'cpio',
  dpkg: 'dpkg',
  flock: 'util-linux',
  mmdebstrap: 'mmdebstrap',
  'mkfs.ext4': 'e2fsprogs',
  newuidmap: 'uidmap',
  'qemu-img': 'qemu-utils',
  setpriv: 'util-linux',
  tar: 'tar',
  unshare: 'util-linux',
};

const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

function isThere(tool: string): boolean {
  return searchPath.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @throws BuildFailure naming every missing tool and its package at once. */
export function requireTools(tools: string[]): void {
  const missing = tools.filter((tool) => !isThere(tool));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => packageOf[tool] ?? tool))];
  throw new BuildFailure(`missing: ${missing.join(', ')}; install with: apt-get install ${packages.join(' ')}`);
}

export interface RunOptions {
  cwd?: string;
  /** Descriptor of the build's lock: a child that outlives us keeps the lock until it ends. */
  lock?: number;
  /** Where the child writes, for the message when the disk is full. */
  folder: string;
  /** Each line the child prints on stderr. */
  onLine?: (line: string) => void;
  /** Descriptor that takes stdout instead of the answer. */
  stdout?: number;
}

/**
 * Runs a program without a shell; it dies with this process.
 * @returns what it printed on stdout
 * @throws BuildFailure with the last line it printed on stderr when it fails
 */
export function run(argv: string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...argv], {
      cwd: options.cwd,
      env: { ...process.env, PATH: searchPath.join(delimiter), LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', options.stdout ?? 'pipe', 'pipe', options.lock ?? 'ignore'],
    });
    let out = '';
    let rest = '';
    const lines: string[] = [];
    child.stdout?.setEncoding('utf8').on('data', (data: string) => (out += data));
    child.stderr?.setEncoding('utf8').on('data', (data: string) => {
      const parts = (rest + data).split(/[\r\n]+/);
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        options.onLine?.(line);
      }
      if (lines.length > 400) lines.splice(0, 200);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (rest !== '') lines.push(rest);
      if (code === 0) return resolve(out);
      const reason =
        lines.findLast((line) => /^E: /.test(line)) ??
        lines.findLast((line) => line.trim() !== '') ??
        `${signal ?? code}`;
      reject(asDiskFull(lines.join('\n'), options.folder) ?? new BuildFailure(`${argv[0]} failed: ${reason.trim()}`));
    });
  });
}
