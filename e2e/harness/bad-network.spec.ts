import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { BadNetwork } from './bad-network';

describe('BadNetwork', () => {
  let echo: Server;
  let behind: Set<Socket>;
  let network: BadNetwork;

  beforeEach(async () => {
    behind = new Set();
    echo = createServer((socket) => {
      behind.add(socket);
      socket.on('error', () => undefined).once('close', () => behind.delete(socket));
      socket.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    network = await BadNetwork.before((echo.address() as AddressInfo).port);
  });

  afterEach(() => {
    network.close();
    echo.close();
    behind.forEach((socket) => socket.destroy());
  });

  const dial = async (): Promise<Socket> => {
    const socket = connect(network.port, '127.0.0.1');
    await once(socket, 'connect');
    return socket.on('error', () => undefined);
  };
  const ask = async (socket: Socket, word: string): Promise<string> => {
    socket.write(word);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  };

  /** However it ends: a reset is an end too. */
  const closed = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

  it('passes on what is said, both ways, and the end of it', async () => {
    const socket = await dial();
    expect(await ask(socket, 'one')).toBe('one');
    socket.end('last');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('last');
    await closed(socket);
    expect(network.open).toBe(0);
  });

  it('cut: breaks what is open on both sides and refuses what is new, until it is mended', async () => {
    const socket = await dial();
    await ask(socket, 'one');
    const [inner] = [...behind] as [Socket];
    const ends = Promise.all([closed(socket), closed(inner)]);
    network.cut();
    await ends;
    await expect(dial()).rejects.toThrow(/ECONNREFUSED/);
    await network.mend();
    expect(await ask(await dial(), 'two')).toBe('two');
  });

  it('frozen: nothing passes and nothing breaks; afterwards it all arrives', async () => {
    const socket = await dial();
    await ask(socket, 'one');
    network.freeze();
    const late = await dial();
    const heard: string[] = [];
    for (const one of [socket, late]) {
      one.on('data', (data: Buffer) => heard.push(data.toString())).on('close', () => heard.push('close'));
      one.write('held');
    }
    await pause(300);
    expect(heard).toEqual([]);
    expect(behind.size).toBe(1);
    const answers = Promise.all([once(socket, 'data'), once(late, 'data')]);
    await network.mend();
    await answers;
    expect(heard).toEqual(['held', 'held']);
  });

  it('frozen: who hangs up meanwhile is missed only when it is mended', async () => {
    const socket = await dial();
    await ask(socket, 'one');
    network.freeze();
    socket.resetAndDestroy();
    await pause(200);
    expect(behind.size).toBe(1);
    const [inner] = [...behind] as [Socket];
    const gone = closed(inner);
    await network.mend();
    await gone;
    expect(network.open).toBe(0);
  });
});
