import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from './installation.ts';

/** What lies in the folder of a template that copies can be made of. */
export const TEMPLATE_FILES = ['disk.qcow2', 'memory', 'state', 'template.json'];

/** Names of the files of each template on the disk, by the template's folder; a build's own log is left out. */
export function templateFiles({ dataDir }: Installation): Record<string, string[]> {
  const root = join(dataDir, 'templates');
  return Object.fromEntries(
    readdirSync(root).map((name) => [
      join(root, name),
      readdirSync(join(root, name))
        .filter((file) => file !== 'qemu.log')
        .sort(),
    ]),
  );
}

/** The process that is being saved as a template; null where none is, or it is not known yet. */
export function builderPid(installation: Installation): number | null {
  for (const folder of Object.keys(templateFiles(installation))) {
    try {
      const record = JSON.parse(readFileSync(join(folder, 'template.json'), 'utf8')) as {
        phase: string;
        process: { pid: number } | null;
      };
      if (record.phase === 'building' && record.process) return record.process.pid;
    } catch {
      // Not written yet, or removed in this moment.
    }
  }
  return null;
}
