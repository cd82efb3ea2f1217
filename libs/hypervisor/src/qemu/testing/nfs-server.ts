import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { NFS_PORT } from '../argv';
import { until } from './real-qemu';

/** NFS-Ganesha, a server that needs nothing of the kernel, and the libraries that a Debian 12 may lack. */
const PACKAGES = ['nfs-ganesha', 'nfs-ganesha-vfs', 'libntirpc4.3', 'libwbclient0', 'liburcu8', 'libnfsidmap1'];
const START_MS = 20_000;

/** Where the packages lie unpacked; nothing is installed. */
function ganesha(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'beamdesk');
  const folder = join(cache, 'nfs-ganesha-4.3');
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const fetched = mkdtempSync(join(cache, 'nfs-ganesha-'));
  execFileSync('apt-get', ['download', '-q', ...PACKAGES], { cwd: fetched, stdio: 'ignore' });
  execFileSync('/bin/sh', ['-c', 'for file in *.deb; do dpkg -x "$file" .; done; rm -f ./*.deb'], { cwd: fetched });
  try {
    renameSync(fetched, folder);
  } catch (error) {
    // Another test was faster.
    if (!existsSync(folder)) throw error;
    rmSync(fetched, { recursive: true });
  }
  return folder;
}

/**
 * A real NFS 4 server at an address of this host's loopback that nobody else uses. Each folder is exported by its name, read-only, to everybody
 * as user 64107, as a per-proposal export is. Needs root: its folders are opened by handle.
 */
export class NfsServer {
  readonly address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  private readonly folder = mkdtempSync(join(tmpdir(), 'nfs-server-'));
  private process: ChildProcess | null = null;

  constructor(private readonly exported: Record<string, string>) {}

  async start(): Promise<void> {
    const unpacked = ganesha();
    const libraries = join(unpacked, 'usr/lib/x86_64-linux-gnu');
    const log = join(this.folder, 'log');
    writeFileSync(join(this.folder, 'conf'), this.config(join(libraries, 'ganesha')));
    mkdirSync(join(this.folder, 'state'), { recursive: true });
    const words = ['-F', '-f', join(this.folder, 'conf'), '-L', log, '-p', join(this.folder, 'pid')];
    this.process = spawn(join(unpacked, 'usr/bin/ganesha.nfsd'), words, {
      stdio: 'ignore',
      env: { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: `${join(unpacked, 'usr/lib/ganesha')}:${libraries}` },
    });
    if (!(await until(() => this.answers(), Boolean, START_MS))) throw new Error(`no NFS server: ${readFileSync(log, 'utf8').slice(-1000)}`);
  }

  /** As when its computer loses power. */
  async stop(): Promise<void> {
    const { process } = this;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  async clear(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(NFS_PORT, this.address);
      socket.once('connect', () => (socket.destroy(), resolve(true)));
      socket.once('error', () => resolve(false));
    });
  }

  private config(plugins: string): string {
    const exports = Object.entries(this.exported).map(
      ([name, path], at) => `EXPORT { Export_Id = ${at + 1}; Path = "${path}"; Pseudo = "/${name}"; Protocols = 4; Transports = TCP; SecType = sys;
        Access_Type = RO; Squash = All; Anonymous_Uid = 64107; Anonymous_Gid = 64107; FSAL { Name = VFS; } }`,
    );
    return `NFS_CORE_PARAM { Protocols = 4; NFS_Port = ${NFS_PORT}; Bind_addr = ${this.address}; Plugins_Dir = "${plugins}";
        Enable_NLM = false; Enable_RQUOTA = false; }
      NFSV4 { Graceless = true; RecoveryBackend = fs; RecoveryRoot = "${join(this.folder, 'state')}"; Minor_Versions = 1,2;
        Only_Numeric_Owners = true; UseGetpwnam = true; DomainName = localdomain; }
      ${exports.join('\n')}\n`;
  }
}
