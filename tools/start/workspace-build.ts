import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFault } from './fault.ts';
import { withFolder } from './folder-lock.ts';
import { CommandFailed, run } from './run.ts';
import { step } from './say.ts';

const SOURCES = ['apps', 'libs', 'package-lock.json', 'tsconfig.base.json', 'nx.json'];

/** What a build must have left; without one of them the stamp counts for nothing. */
export const BUILT = {
  api: 'dist/apps/api/main.js',
  bridge: 'dist/apps/guac-bridge/main.js',
  portal: 'dist/apps/portal-web/browser/index.html',
  launcher: 'dist/machine-launcher/main.js',
  outbound: 'dist/machine-launcher/outbound.js',
} as const;

/** Builds the apps unless what is in `dist` was built from these very sources. */
export async function buildWorkspace(checkout: string): Promise<void> {
  const dist = join(checkout, 'dist');
  mkdirSync(dist, { recursive: true });
  await withFolder(dist, async () => {
    const wanted = sourceHash(checkout);
    const stamp = join(dist, '.sources');
    const complete = () => Object.values(BUILT).every((path) => existsSync(join(checkout, path)));
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && complete()) return;
    await step('build', async (news) => {
      const nx = join(checkout, 'node_modules/.bin/nx');
      const argv: [string, ...string[]] = [nx, 'run-many', '-t', 'build', '--outputStyle=static'];
      await run(argv, { cwd: checkout, env: { ...process.env, NX_DAEMON: 'false', NO_COLOR: '1', FORCE_COLOR: '0' }, onLine: news }).catch((error: unknown) => {
        throw new StartFault(`the build failed:\n${error instanceof CommandFailed ? error.output.trim() : String(error)}`);
      });
    });
    const absent = Object.values(BUILT).filter((path) => !existsSync(join(checkout, path)));
    if (absent.length > 0) throw new StartFault(`the build left no ${absent.join(', ')}`);
    writeFileSync(stamp, wanted);
  });
}

function sourceHash(checkout: string): string {
  const hash = createHash('sha256');
  const add = (path: string) => {
    hash.update(`${path}\0`);
    hash.update(createHash('sha256').update(readFileSync(join(checkout, path))).digest());
  };
  for (const source of SOURCES) {
    const files = source.includes('.') ? [source] : filesBelow(checkout, source);
    files.filter((path) => !path.endsWith('.spec.ts')).forEach(add);
  }
  return hash.digest('hex');
}

function filesBelow(checkout: string, folder: string): string[] {
  return readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/node_modules|\.angular/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name).slice(checkout.length + 1))
    .sort();
}
