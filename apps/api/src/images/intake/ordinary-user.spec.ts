import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { rawDisk } from './testing/disks';
import { contentOf, freshFolder } from './testing/places';

/** As the api runs: an ordinary user without rights, alone or in the root that confine.sh gives it. */
const USER = 64105;
const root = process.getuid?.() === 0;
const folder = freshFolder();
const store = join(folder, 'store');
const program = join(folder, 'program.mjs');
mkdirSync(store, { mode: 0o700 });
writeFileSync(join(store, 'disk.raw'), rawDisk(4), { mode: 0o600 });
if (root) for (const path of [store, join(store, 'disk.raw')]) chownSync(path, USER, USER);
const main = `
  import { convertImage, inspectImage } from './index';
  import { runInBox } from './box/box';
  const [what, file, target] = process.argv.slice(2);
  const inspected = await inspectImage(file);
  if (what === 'convert') console.log(JSON.stringify(await convertImage(file, inspected, target)));
  else {
    console.log('begins');
    const limits = { seconds: 300, memoryMib: 512, fileMib: 1 };
    await runInBox({ file, identity: inspected.identity, command: ['/bin/sleep', target], limits });
  }
`;
buildSync({
  stdin: { contents: main, resolveDir: __dirname, loader: 'ts' },
  ...{ bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'error' },
});
chmodSync(program, 0o644);

const node = realpathSync(process.execPath);
const alone = root ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all'] : ['env'];
const confine = join(__dirname, '../../../../../tools/confine.sh');
const shown = ['--ro', dirname(node), '--ro', program, '--rw', store];
const confined = [confine, '--uid', String(USER), '--gid', String(USER), ...shown, '--die-with-parent', '--'];

describe('an ordinary user', () => {
  it.each([
    ['alone', alone],
    ['confined', confined],
  ])('%s: inspects and converts', (name, words) => {
    const target = join(store, name);
    const [first, ...rest] = [...words, node, program, 'convert', join(store, 'disk.raw'), target];
    const { sizeBytes } = JSON.parse(execFileSync(first, rest, { encoding: 'utf8', cwd: '/' }));
    expect(readFileSync(target).length).toBe(sizeBytes);
    expect(contentOf(folder, target, 'qcow2').equals(rawDisk(4))).toBe(true);
  });

  it('refuses everything where namespaces of users cannot be had, and opens nothing unconfined', () => {
    const target = join(store, 'never');
    // A namespace that may have none below it; there the user is 1000, not root.
    const barred = 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --ambient-caps=-all --inh-caps=-all -- "$@"';
    const namespace = ['unshare', '--user', '--map-user=1000', '--keep-caps', '--', 'sh', '-c', barred, 'sh'];
    const [first, ...rest] = [...alone, ...namespace, node, program, 'convert', join(store, 'disk.raw'), target];
    const { status, stderr } = spawnSync(first, rest, { encoding: 'utf8', cwd: '/' });
    expect(status).toBe(1);
    expect(stderr).toContain("code: 'CONFINEMENT_UNAVAILABLE'");
    expect(stderr).toContain('unshare');
    expect(readdirSync(store)).not.toContain('never');
  });

  it('what it started ends with it, even when it is killed', async () => {
    // A number that no other process has among its words.
    const mark = `3${process.pid}.25`;
    const [first, ...rest] = [...alone, node, program, 'wait', join(store, 'disk.raw'), mark];
    const child = spawn(first, rest, { cwd: '/', stdio: 'ignore' });
    await until(() => running(mark));
    child.kill('SIGKILL');
    await until(() => !running(mark));
    expect(running(mark)).toBe(false);
  });
});

/** Whether a process runs as `sleep <mark>`. */
function running(mark: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `/bin/sleep\0${mark}\0`;
    } catch {
      return false;
    }
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}
