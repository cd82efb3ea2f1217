/**
 * The first step of `npm start` and `npm test`: brings the npm packages to what package-lock.json says, finds a Node that
 * the workspace runs on, and hands over.
 *
 *   node tools/boot.mjs COMMAND ARGS…
 *
 * Runs on Node 18 and newer, before anything is installed: plain JavaScript, nothing imported but Node itself.
 */
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync, statfsSync } from 'node:fs';
import { constants as os } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules/.bin');
const NEEDED_BYTES = 2 * 1024 ** 3;

class Refusal extends Error {}

/** True when npm's own record of what is installed holds every package of the lock file, at its version. */
export function isInstalled(folder) {
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const locked = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const found = installed[path];
    // Optional packages are those of other processors and systems: absent is right.
    if (!found) return Boolean(entry.optional || entry.devOptional);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

/** Why npm failed, in one line that says what to do. */
export function explain(output) {
  if (/ENOSPC/.test(output)) return 'the disk is full: npm could not write its packages (about 1.5 GB are needed)';
  if (/EACCES|EPERM|EROFS/.test(output)) return `npm may not write here: check who owns ${root} and npm's cache folder`;
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|network/i.test(output)) {
    return 'npm cannot reach its registry: check the network, the proxy, or `npm config get registry`';
  }
  if (/EUSAGE/.test(output)) return 'package-lock.json does not match package.json: check out a clean tree';
  return `npm ci failed: ${output.trim().split('\n').slice(-1)[0] || 'no output'}`;
}

async function install() {
  try {
    accessSync(root, constants.W_OK);
  } catch {
    throw new Refusal(`${root} is not writable for this user: the npm packages go there`);
  }
  const { bavail, bsize } = statfsSync(root);
  if (bavail * bsize < NEEDED_BYTES) {
    throw new Refusal(`not enough disk space: ${root} has ${Math.floor((bavail * bsize) / 2 ** 20)} MiB, 2048 are needed`);
  }
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.log('npm packages: installing what package-lock.json names (about a minute, once)');
  const ticker = setInterval(() => console.log(`npm packages: still installing (${seconds()} s)`), 15_000);
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  let output = '';
  const code = await new Promise((resolve) => {
    const child = spawn(command, [...args, 'ci', '--no-progress'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => {
      output += error.code === 'ENOENT' ? 'npm is not on the PATH' : error.message;
      resolve(1);
    });
    child.once('close', resolve);
  });
  clearInterval(ticker);
  if (code !== 0) throw new Refusal(explain(output));
  console.log(`npm packages: installed in ${seconds()} s`);
}

/** Two starts in one fresh checkout must not install over each other: the second waits. The lock ends with its holder. */
async function installOnce() {
  if (isInstalled(root)) return;
  const folder = openSync(root, 'r');
  const lock = (...options) => spawnSync('flock', [...options, '3'], { stdio: ['ignore', 'ignore', 'ignore', folder] });
  if (lock('-n').status === 1) {
    console.log('npm packages: waiting for another start that installs them');
    lock('-w', '600');
  }
  if (!isInstalled(root)) await install();
  closeSync(folder);
}

/** The Node that runs the workspace: the pinned one of the npm packages, else the one we run on where it is new enough. */
function findNode() {
  const pinned = join(bin, 'node');
  const candidates = [existsSync(pinned) ? pinned : null, process.execPath].filter(Boolean);
  for (const candidate of candidates) {
    const version = spawnSync(candidate, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout?.trim() ?? '';
    const [major, minor] = version.split('.').map(Number);
    if (major >= 26 || (major === 24 && minor >= 15)) return candidate;
  }
  throw new Refusal(
    `Beamdesk needs Node 24.15 or newer: this is ${process.version}, and the one of the npm packages does not run here ` +
      `(${process.platform}/${process.arch}); install Node 24`,
  );
}

/** Runs the command in our place: its exit code is ours, and it hears of every request to end. */
function handOver(node, argv) {
  const [command, ...args] = argv;
  const path = [dirname(node), bin, process.env.PATH ?? ''].join(delimiter);
  const child = spawn(command === 'node' ? node : command, args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: 'inherit',
  });
  // Ctrl-C in a terminal reaches the child as well; as SIGTERM ours does not count as a second, impatient one.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(`cannot run ${command}: ${error.message}`);
    process.exit(127);
  });
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (os.signals[signal] ?? 0)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv.length < 3) throw new Refusal('usage: node tools/boot.mjs COMMAND ARGS…');
    await installOnce();
    handOver(findNode(), process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
