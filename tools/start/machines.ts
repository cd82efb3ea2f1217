import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout.ts';

/** A QEMU of this data folder. */
export interface RunningMachine {
  id: string;
  pid: number;
}

/** What is being saved as a template is nobody's desktop, and made anew when its maker is gone. */
function runningBuilds(layout: Layout): number[] {
  const memory = `mem-path=${layout.templates}/`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && commandLine(name).some((word) => word.includes(memory) && word.includes('share=on')))
    .map(Number);
}

/** The QEMU processes whose machine folder lies in this data folder, whoever started them. */
export function runningMachines(layout: Layout): RunningMachine[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const argv = commandLine(name);
      const id = argv[argv.indexOf('-uuid') + 1] ?? '';
      const ours = /qemu-system/.test(argv[0] ?? '') && /^[0-9a-f-]{36}$/.test(id) && existsSync(join(layout.machines, id));
      return ours ? [{ id, pid: Number(name) }] : [];
    });
}

/** Ends them: a request first, by force after 5 s. Their records are settled by the next start. */
export async function stopMachines(layout: Layout): Promise<number> {
  const machines = runningMachines(layout);
  runningBuilds(layout).forEach((pid) => signal(pid, 'SIGKILL'));
  machines.forEach(({ pid }) => signal(pid, 'SIGTERM'));
  for (const end = Date.now() + 5000; Date.now() < end && runningMachines(layout).length > 0; ) {
    await new Promise((next) => setTimeout(next, 100));
  }
  runningMachines(layout).forEach(({ pid }) => signal(pid, 'SIGKILL'));
  return machines.length;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
