import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { converse } from './conversation';
import { isOneMessage } from './single-connection';

/** Success for StartTLS: message 2, extendedResp, resultCode 0 (RFC 4511, 4.12). */
const YES = Buffer.from('300c02010278070a010004000400', 'hex');

describe('the connection to a directory', () => {
  let server: Server;
  let answer: (socket: Socket, asked: Buffer) => void;
  let heard: Buffer[];
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        heard.push(bytes);
        answer(socket, bytes);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => (heard = []));
  afterAll(() => server.close());

  const talk = () => {
    const { port } = server.address() as AddressInfo;
    const plain = {
      id: 'x',
      label: 'x',
      issuer: 'x',
      host: 'localhost',
      port,
      security: 'start-tls' as const,
      ca: null,
      reader: null,
    };
    const accounts = { base: 'dc=x', filter: '(uid={name})', subject: 'entryUUID', name: ['cn'], email: 'mail' };
    return converse({ ...plain, accounts, groups: null, timeoutMs: 2000 }, (to) => to.bind('cn=x', 'hunter2'));
  };

  it('takes no answer that came in the clear for one of TLS', async () => {
    // The beginning of a message that whatever comes by TLS would complete.
    answer = (socket) => socket.write(Buffer.concat([YES, Buffer.from('3084000000ff02010361', 'hex')]));
    await expect(talk()).rejects.toMatchObject({
      reason: 'untrusted',
      detail: expect.stringContaining('more than one answer') as string,
    });
  });

  it('goes on to TLS after one answer, which a server without TLS does not', async () => {
    answer = (socket, asked) => (asked[0] === 0x30 ? socket.write(YES) : socket.end('what?'));
    await expect(talk()).rejects.toMatchObject({ reason: 'untrusted' });
    expect(heard[1]?.[0]).toBe(0x16);
  });

  it.each([
    ['says no', (socket: Socket) => socket.write(Buffer.from('300c02010278070a013504000400', 'hex'))],
    ['hangs up', (socket: Socket) => socket.end()],
  ])('says no password to a server that %s', async (_what, does) => {
    answer = does;
    await expect(talk()).rejects.toMatchObject({ name: 'DirectoryFault' });
    expect(Buffer.concat(heard).toString('latin1')).not.toContain('hunter2');
    expect(heard).toHaveLength(1);
  });
});

describe('isOneMessage', () => {
  it.each([
    [YES, true],
    [Buffer.concat([YES, Buffer.of(0)]), false],
    [YES.subarray(0, -1), false],
    [Buffer.concat([Buffer.from('30840000000c', 'hex'), YES.subarray(2)]), true],
    [Buffer.concat([Buffer.from('3080', 'hex'), YES.subarray(2)]), false],
    [Buffer.alloc(0), false],
    [Buffer.of(0x16, 3, 1), false],
  ])('%#', (bytes, is) => expect(isOneMessage(bytes)).toBe(is));
});
