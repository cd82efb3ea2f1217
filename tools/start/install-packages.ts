import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StartFault } from './fault.ts';
import { isRoot } from './ids.ts';
import { CommandFailed, run } from './run.ts';
import type { SystemPackage } from './system-packages.ts';
import { say, step } from './say.ts';

/**
 * Makes sure that the packages are there: on Debian 12 by apt (as root, else through sudo), elsewhere by looking for
 * their commands. Installs named packages only, from the sources the machine already has.
 * @throws StartFault when something is missing that cannot be installed; says what and how
 */
export async function installPackages(wanted: readonly SystemPackage[]): Promise<void> {
  const missing = isDebian12() ? notInstalled(wanted) : wanted.filter(({ command }) => command && !onPath(command));
  if (missing.length === 0) return;
  const list = missing.map(({ name, why }) => `  ${name}: ${why}`).join('\n');
  if (!isDebian12()) {
    throw new StartFault(`this is not Debian 12, so please install these (by their Debian names) yourself:\n${list}`);
  }
  const names = missing.map(({ name }) => name);
  const sudo = isRoot() ? [] : sudoPrefix(names);
  say(`system packages: installing ${names.length} through apt${sudo.length > 0 ? ' and sudo' : ''}\n${list}`);
  await step('system packages', async (news) => {
    const apt = (...args: string[]) =>
      run([...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-o', 'DPkg::Lock::Timeout=300', ...args] as [string], {
        onLine: news,
      });
    // A broken source of somebody else's must not stop us: what matters is whether the packages can be had.
    await apt('update').catch((error: unknown) => news(String(error)));
    for (const { idleFile } of missing) {
      const touch: string[] = [...sudo, 'install', '-D', '-m', '644', '/dev/null', idleFile ?? ''];
      if (idleFile !== null) await run(touch as [string, ...string[]]);
    }
    await apt('install', '-y', '--no-install-recommends', ...names).catch((error: unknown) => {
      throw new StartFault(explain(error, names));
    });
  });
}

function isDebian12(): boolean {
  try {
    const release = readFileSync('/etc/os-release', 'utf8');
    return /^ID="?debian"?$/m.test(release) && /^VERSION_ID="?12"?$/m.test(release);
  } catch {
    return false;
  }
}

function notInstalled(wanted: readonly SystemPackage[]): SystemPackage[] {
  const names = wanted.map(({ name }) => name);
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names], { encoding: 'utf8' });
  const there = new Set(query.stdout.split('\n').filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]));
  return wanted.filter(({ name }) => !there.has(name));
}

/** Whether a command can be found, in the places of administrators' commands too. */
export function onPath(command: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path)) ?? null;
}

function sudoPrefix(names: string[]): string[] {
  const command = `apt-get install --no-install-recommends ${names.join(' ')}`;
  if (!onPath('sudo')) throw new StartFault(`packages are missing and sudo is not installed: run this as root, then again:\n  ${command}`);
  // With a terminal sudo may ask for the password; without one it must not wait for it.
  const check = spawnSync('sudo', process.stdin.isTTY ? ['-v'] : ['-n', 'true'], { stdio: 'inherit' });
  if (check.status !== 0) throw new StartFault(`packages are missing and sudo refuses: run this as root, then again:\n  ${command}`);
  return ['sudo', '-n'];
}

function explain(error: unknown, names: string[]): string {
  const output = error instanceof CommandFailed ? error.output : String(error);
  if (/No space left/.test(output)) return 'the disk is full: apt could not install the system packages';
  if (/Could not get lock|is held by process/.test(output)) return 'another apt runs for more than 5 minutes: try again when it has ended';
  if (/Temporary failure resolving|Could not connect|Could not resolve|Failed to fetch/.test(output)) {
    return "apt cannot reach its mirror: check the network and the machine's apt sources";
  }
  return `apt could not install ${names.join(' ')}: ${output.trim().split('\n').slice(-1)[0]}`;
}
