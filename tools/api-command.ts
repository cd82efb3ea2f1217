/** Bundles a command that lives with the api, and hands over to it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CHECKOUT } from './start/layout.ts';

/**
 * Its exit code becomes ours; standard input and output are those of the terminal.
 * @param name of its bundle, below dist/
 * @param source its main file, from the checkout's root
 * @param settings count where the environment has none
 */
export async function runApiCommand(
  name: string,
  source: string,
  settings: Record<string, string> = {},
): Promise<void> {
  const outfile = join(CHECKOUT, 'dist', name, 'main.js');
  await build({
    entryPoints: [join(CHECKOUT, source)],
    tsconfig: join(CHECKOUT, 'tsconfig.base.json'),
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    packages: 'external',
    logLevel: 'warning',
  });
  const env = { ...settings, ...process.env };
  const child = spawn(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: CHECKOUT, env, stdio: 'inherit' });
  child.once('exit', (code) => (process.exitCode = code ?? 1));
}
