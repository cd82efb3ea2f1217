import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Installation, processes } from './installation.ts';

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

/** The process that is being saved as a template: its memory is a file of the templates' folder, and shared. Null where there is none. */
export function builderPid({ dataDir }: Installation): number | null {
  const memory = `mem-path=${join(dataDir, 'templates')}/`;
  const builds = processes().filter(({ argv }) => argv.some((word) => word.includes(memory) && word.includes('share=on')));
  return builds[0]?.pid ?? null;
}
