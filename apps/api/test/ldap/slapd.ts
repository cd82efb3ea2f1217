import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../postgres/embedded-postgres';
import { makeCertificates, type TestCertificates } from './certificates';
import { BASE, directoryContent, READER, SCHEMA } from './directory-content';

const DAEMON = '/usr/sbin/slapd';

/** A real slapd (OpenLDAP) on loopback ports of its own, with everything in a folder of its own. */
export class Slapd {
  private process: ChildProcess | null = null;

  private constructor(
    readonly folder: string,
    readonly port: number,
    readonly tlsPort: number,
    readonly certificates: TestCertificates,
  ) {}

  /** @param elsewhere port that a referral of the content names */
  static async start(elsewhere = 1): Promise<Slapd> {
    const folder = mkdtempSync(join(tmpdir(), 'beamdesk-slapd-'));
    const slapd = new Slapd(folder, await freePort(), await freePort(), makeCertificates(folder));
    slapd.write(elsewhere);
    await slapd.run();
    return slapd;
  }

  /** Runs again after `kill`, with the same content. */
  async run(): Promise<void> {
    const urls = `ldap://localhost:${this.port}/ ldaps://localhost:${this.tlsPort}/`;
    const command = [DAEMON, '-d', '0', '-f', join(this.folder, 'slapd.conf'), '-h', urls];
    // It ends with the tests, however those end.
    const daemon = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...command], { stdio: 'ignore' });
    this.process = daemon;
    for (let tries = 0; !(await answers(this.tlsPort)); tries++) {
      if (daemon.exitCode !== null || tries > 200) throw new Error(`slapd did not start (${daemon.exitCode})`);
      await pause(50);
    }
  }

  /** It takes connections, but says nothing any more. */
  async freeze(): Promise<void> {
    const pid = this.process?.pid;
    this.process?.kill('SIGSTOP');
    // proc(5): the state comes after the name in parentheses.
    while (!/\) [Tt] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))) await pause(5);
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const daemon = this.process;
    this.process = null;
    if (daemon?.exitCode !== null) return;
    const gone = once(daemon, 'exit');
    daemon.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(elsewhere: number): void {
    const { certificate, key, ca } = this.certificates;
    const path = (name: string) => join(this.folder, name);
    mkdirSync(path('db'));
    writeFileSync(path('windows.schema'), SCHEMA);
    writeFileSync(path('content.ldif'), directoryContent(elsewhere));
    const schemas = ['core', 'cosine', 'inetorgperson', 'nis'].map((name) => `include /etc/ldap/schema/${name}.schema`);
    const lines = [
      ...schemas,
      `include ${path('windows.schema')}`,
      `pidfile ${path('slapd.pid')}`,
      'modulepath /usr/lib/ldap',
      ...['back_mdb', 'memberof', 'ppolicy'].map((name) => `moduleload ${name}`),
      `TLSCertificateFile ${certificate}`,
      `TLSCertificateKeyFile ${key}`,
      `TLSCACertificateFile ${ca}`,
      'database mdb',
      'maxsize 16777216',
      `suffix "${BASE}"`,
      `directory ${path('db')}`,
      'overlay memberof',
      'overlay ppolicy',
      `ppolicy_default "cn=default,ou=policies,${BASE}"`,
      'access to attrs=userPassword by anonymous auth by * none',
      `access to dn.subtree="ou=groups,${BASE}" by dn.exact="${READER.dn}" read by * none`,
      'access to * by * read',
    ];
    writeFileSync(path('slapd.conf'), `${lines.join('\n')}\n`);
    execFileSync(DAEMON, ['-T', 'add', '-f', path('slapd.conf'), '-l', path('content.ldif')], { stdio: 'pipe' });
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, 'localhost');
    const end = (well: boolean) => (socket.destroy(), done(well));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
