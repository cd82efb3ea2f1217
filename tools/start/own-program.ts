import { join } from 'node:path';
import { StartFault } from './fault.ts';
import { CommandFailed, run } from './run.ts';
import { step } from './say.ts';

export interface OwnProgram {
  checkout: string;
  /** What it does, for the person at the keyboard. */
  name: string;
  /** Its file in the checkout, and its arguments. */
  command: [file: string, ...args: string[]];
}

/** Runs a program of this checkout that must not outlive us as a step of the start. @throws StartFault its last line of complaint */
export async function ownProgram(program: OwnProgram): Promise<void> {
  await step(program.name, (news) => runOwn(program, [], (line) => news(line.replace(/^\[ *[\d.]+ s\] \S+: /, ''))));
}

/** The same behind everything else on the computer, and without a word. @throws StartFault */
export async function ownProgramBeside(program: OwnProgram): Promise<void> {
  await runOwn(program, ['nice', '-n', '19']);
}

async function runOwn({ checkout, name, command }: OwnProgram, how: string[], onLine?: (line: string) => void): Promise<void> {
  const [file, ...args] = command;
  const node = join(checkout, 'node_modules/.bin/node');
  try {
    await run(['setpriv', '--pdeathsig', 'TERM', '--', ...how, node, join(checkout, file), ...args], { cwd: checkout, onLine });
  } catch (error) {
    const output = error instanceof CommandFailed ? error.output : String(error);
    throw new StartFault(`${name}: ${lastWords(output)}`);
  }
}

/** The last line that says something; a stack and Node's version below it do not. */
function lastWords(output: string): string {
  const lines = output.trim().split('\n').filter((line) => !/^\s+at |^Node\.js v|^[\s}]*$/.test(line));
  return lines.at(-1) ?? 'failed without a word';
}
