/** `npm run catalogue`: bundles the command, which lives with the api's adapters, and hands over to it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import { CHECKOUT } from './start/layout.ts';

const outfile = join(CHECKOUT, 'dist/catalogue-command/main.js');
await build({
  entryPoints: [join(CHECKOUT, 'apps/api/src/adapters/catalogue-command/main.ts')],
  tsconfig: join(CHECKOUT, 'tsconfig.base.json'),
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node24',
  packages: 'external',
  logLevel: 'warning',
});
const child = spawn(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: CHECKOUT, stdio: 'inherit' });
child.once('exit', (code) => (process.exitCode = code ?? 1));
