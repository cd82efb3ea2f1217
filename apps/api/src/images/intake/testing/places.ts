import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for a test's files, gone afterwards. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-intake-'));
  chmodSync(folder, 0o755);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs qemu-img, unconfined: only on what the test made itself. */
export function qemuImg(...args: string[]): string {
  return execFileSync('qemu-img', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What a guest would read from the disk in `file`, as far as it is in `folder`. */
export function contentOf(folder: string, file: string, format: string): Buffer {
  const raw = join(folder, 'content.raw');
  qemuImg('convert', '-f', format, '-O', 'raw', file, raw);
  const content = readFileSync(raw);
  rmSync(raw);
  return content;
}
