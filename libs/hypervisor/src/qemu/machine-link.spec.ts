import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AGENT_SOCKET, QMP_SOCKET } from './argv';
import { MachineLink } from './machine-link';

/** A QEMU as far as its two sockets go. */
class FakeMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'machine-link-'));
  private readonly servers: Server[] = [];
  private readonly sockets = new Map<string, Socket>();

  async listen(): Promise<void> {
    await this.serve(QMP_SOCKET, (socket) => {
      socket.write('{"QMP":{}}\n');
      socket.on('data', (bytes) => {
        for (const [, id] of String(bytes).matchAll(/"id":(\d+)/g))
          socket.write(`{"return":{"status":"running"},"id":${id}}\n`);
      });
    });
    await this.serve(AGENT_SOCKET, (socket) => void socket.resume());
  }

  event(name: string): void {
    this.sockets.get(QMP_SOCKET)?.write(`{"event":"${name}","data":{"guest":true}}\n`);
  }

  agentSays(...lines: string[]): void {
    this.sockets.get(AGENT_SOCKET)?.write(lines.map((line) => `${line}\n`).join(''));
  }

  close(): void {
    this.sockets.forEach((socket) => socket.destroy());
    this.servers.forEach((server) => server.close());
    rmSync(this.folder, { recursive: true });
  }

  private serve(name: string, accept: (socket: Socket) => void): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.set(name, socket);
      accept(socket);
    });
    this.servers.push(server);
    return new Promise((resolve) => server.listen(join(this.folder, name), resolve));
  }
}

describe('MachineLink', () => {
  let machine: FakeMachine;
  let link: MachineLink;
  let changes: [session: string, lost: boolean][];

  beforeEach(async () => {
    machine = new FakeMachine();
    await machine.listen();
    changes = [];
    const changed = () => void changes.push([link.session, link.sessionLost]);
    link = new MachineLink(machine.folder, true, { changed, off: () => undefined });
    await link.connect();
  });
  afterEach(() => {
    link.close();
    machine.close();
  });

  async function change(count: number): Promise<void> {
    for (const end = Date.now() + 5_000; changes.length < count && Date.now() < end;)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(changes).toHaveLength(count);
  }

  it('knows of a guest that it has not heard yet no more than that', () => {
    expect([link.session, link.sessionLost]).toEqual(['unknown', false]);
  });

  it('tells of a reset before the agent had time to say anything, until the next boot speaks', async () => {
    machine.event('RESET');
    await change(1);
    machine.agentSays('hello 1 boot-b');
    await change(2);
    expect(changes).toEqual([
      ['unknown', true],
      ['starting', false],
    ]);
  });

  it('tells once of a reset under an agent that spoke', async () => {
    machine.agentSays('hello 1 boot-a', 'session up');
    await change(2);
    machine.event('RESET');
    await change(3);
    expect(changes.at(-1)).toEqual(['unknown', true]);
  });

  it('takes a lost connection to an agent that spoke for a lost session', async () => {
    machine.agentSays('hello 1 boot-a');
    await change(1);
    link.close();
    expect(link.sessionLost).toBe(true);
  });
});
