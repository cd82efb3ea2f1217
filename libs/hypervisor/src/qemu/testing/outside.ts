import { ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Of RFC 5737: nobody's. */
const HERE = '198.51.100.9';
const THERE = '198.51.100.10';

/** Another computer, as far as this one can tell: a network namespace behind a pair of cards, in which something listens. Needs root. */
export class Outside {
  readonly address = THERE;

  private constructor(
    readonly port: number,
    private readonly process: ChildProcess,
  ) {}

  static async open(port: number): Promise<Outside> {
    const listen = `require('net').createServer(s=>s.end('open')).listen(${port},'0.0.0.0',()=>console.log('up'))`;
    const other = spawn('unshare', ['--net', '--', process.execPath, '-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(other.stdout ?? other, 'data');
    const card = `bd${other.pid}`;
    const ip = (...words: string[]) => execFileSync('ip', words);
    const inside = (...words: string[]) => execFileSync('nsenter', ['-t', String(other.pid), '-n', 'ip', ...words]);
    ip('link', 'add', card, 'type', 'veth', 'peer', 'name', 'there', 'netns', String(other.pid));
    ip('addr', 'add', `${HERE}/30`, 'dev', card);
    ip('link', 'set', card, 'up');
    inside('addr', 'add', `${THERE}/30`, 'dev', 'there');
    inside('link', 'set', 'there', 'up');
    return new Outside(port, other);
  }

  async close(): Promise<void> {
    // The cards go with the namespace, which goes with its last process.
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}
