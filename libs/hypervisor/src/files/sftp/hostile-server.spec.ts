import {
  FakeServerOptions,
  FakeSftpServer,
  attributes,
  FILE_MODE,
  packet,
  statusPacket,
} from '../testing/fake-sftp-server';
import { bytesOf } from '../testing/guest-files-contract';
import { string, u32 } from './packet-writer';
import { ANSWER, LARGEST_PACKET, REQUEST, STATUS } from './protocol';
import { SftpFiles } from './sftp-files';
import { SftpSession } from './sftp-session';

const QUICK = { silenceMs: 100, storeMs: 200 };

async function served(options: FakeServerOptions) {
  const fake = new FakeSftpServer(options);
  fake.tree.put('/scratch/a', Buffer.alloc(500_000));
  const session = await SftpSession.open(fake.stream, QUICK);
  return { fake, session, files: new SftpFiles(session) };
}

type Instead = NonNullable<FakeServerOptions['instead']>;

/** Answers one type of request with these bytes. */
const answering =
  (wanted: number, bytes: (id: number) => Buffer): Instead =>
  (type, id, _fields, say) => {
    if (type !== wanted) return false;
    say(bytes(id));
    return true;
  };

const names = (id: number, count: number, ...fields: Buffer[]) => packet(ANSWER.NAME, u32(id), u32(count), ...fields);
const entry = (name: string) => [string(name), string('long'), attributes(FILE_MODE, 1)];

describe('an SFTP server that is up to no good', () => {
  it.each<[string, Instead, (files: SftpFiles) => Promise<unknown>]>([
    [
      'answers what nobody asked',
      answering(REQUEST.STAT, (id) => statusPacket(id + 1, STATUS.OK)),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'answers twice',
      answering(REQUEST.STAT, (id) => Buffer.concat([statusPacket(id, 2), statusPacket(id, 2)])),
      async (files) => {
        await files.stat('/scratch/a').catch(() => undefined);
        await files.stat('/scratch/a');
      },
    ],
    [
      'sends a packet that is too large',
      answering(REQUEST.STAT, () => u32(LARGEST_PACKET + 1)),
      (files) => files.stat('/scratch/a'),
    ],
    ['sends a packet without a type', answering(REQUEST.STAT, () => u32(0)), (files) => files.stat('/scratch/a')],
    [
      'sends a packet that ends within its id',
      answering(REQUEST.STAT, () => Buffer.concat([u32(3), Buffer.of(101, 0, 0)])),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'says "ok" instead of attributes',
      answering(REQUEST.STAT, (id) => statusPacket(id, STATUS.OK)),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'sends data instead of attributes',
      answering(REQUEST.STAT, (id) => packet(ANSWER.DATA, u32(id), string('x'))),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'tells a negative size',
      answering(REQUEST.STAT, (id) => packet(ANSWER.ATTRS, u32(id), attributes(FILE_MODE, 2n ** 64n - 1n))),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'sends too short attributes',
      answering(REQUEST.STAT, (id) => packet(ANSWER.ATTRS, u32(id), u32(1))),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'adds something to its answer',
      answering(REQUEST.STAT, (id) => packet(ANSWER.ATTRS, u32(id), attributes(FILE_MODE), u32(0))),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'claims four milliard extended attributes',
      answering(REQUEST.STAT, (id) => packet(ANSWER.ATTRS, u32(id), u32(0x8000_0000), u32(0xffff_ffff))),
      (files) => files.stat('/scratch/a'),
    ],
    [
      'gives a handle that is too long',
      answering(REQUEST.OPEN, (id) => packet(ANSWER.HANDLE, u32(id), string('h'.repeat(257)))),
      (files) => files.read('/scratch/a'),
    ],
    [
      'gives more than was asked for',
      answering(REQUEST.READ, (id) => packet(ANSWER.DATA, u32(id), string(Buffer.alloc(100_000)))),
      async (files) => bytesOf(await files.read('/scratch/a')),
    ],
    [
      'gives nothing for ever',
      answering(REQUEST.READ, (id) => packet(ANSWER.DATA, u32(id), string(''))),
      async (files) => bytesOf(await files.read('/scratch/a')),
    ],
    ['lists nothing for ever', answering(REQUEST.READDIR, (id) => names(id, 0)), (files) => files.list('/scratch', 10)],
    [
      'claims more names than it sends',
      answering(REQUEST.READDIR, (id) => names(id, 0xffff_ffff, ...entry('a'))),
      (files) => files.list('/scratch', 10),
    ],
    [
      'lists a path',
      answering(REQUEST.READDIR, (id) => names(id, 1, ...entry('../../etc/passwd'))),
      (files) => files.list('/scratch', 10),
    ],
    [
      'lists a name without letters',
      answering(REQUEST.READDIR, (id) => names(id, 1, ...entry(''))),
      (files) => files.list('/scratch', 10),
    ],
    ['says nothing', (type) => type === REQUEST.STAT, (files) => files.stat('/scratch/a')],
  ])('%s: the session ends', async (_what, instead, attempt) => {
    const { files, session } = await served({ instead });
    let ended = 0;
    session.onEnd = () => (ended += 1);
    await expect(attempt(files)).rejects.toMatchObject({
      reason: 'unavailable',
      detail: expect.stringMatching(/protocol|did not answer/),
    });
    expect(session.ended).toBe(true);
    expect(ended).toBe(1);
    await expect(files.stat('/scratch/a')).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('lists names for ever: no more than asked for are kept', async () => {
    let rounds = 0;
    const { files } = await served({
      instead: answering(
        REQUEST.READDIR,
        (id) => ((rounds += 1), names(id, 2, ...entry(`a${rounds}`), ...entry(`b${rounds}`))),
      ),
    });
    const { entries, truncated } = await files.list('/scratch', 100);
    expect({ count: entries.length, truncated }).toEqual({ count: 100, truncated: true });
    expect(rounds).toBeLessThan(60);
  });

  it('repeats "." for ever: the list ends', async () => {
    let rounds = 0;
    const { files } = await served({
      instead: answering(REQUEST.READDIR, (id) => ((rounds += 1), names(id, 1, ...entry('.')))),
    });
    expect((await files.list('/scratch', 100)).entries).toEqual([]);
    expect(rounds).toBeLessThan(250);
  });

  it.each<[string, Buffer]>([
    ['another version', packet(ANSWER.VERSION, u32(4))],
    ['no greeting', statusPacket(0, 0)],
    ['endless extensions', packet(ANSWER.VERSION, u32(3), ...Array.from({ length: 200 }, (_, i) => string(String(i))))],
    ['left-overs of an earlier connection', packet(ANSWER.DATA, u32(5), string('x'))],
    ['another language', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ])('greets with %s: there is no session', async (_what, greeting) => {
    const fake = new FakeSftpServer({ instead: (_type, _id, _fields, say) => (say(greeting), true) });
    await expect(SftpSession.open(fake.stream, QUICK)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(fake.stream.destroyed).toBe(true);
  });

  it('does not greet: there is no session after a while', async () => {
    const fake = new FakeSftpServer({ instead: () => true });
    await expect(SftpSession.open(fake.stream, QUICK)).rejects.toMatchObject({
      reason: 'unavailable',
      detail: expect.stringContaining('100 ms'),
    });
  });

  it('goes away: everything under way fails', async () => {
    const { fake, files } = await served({ instead: (type) => type === REQUEST.STAT });
    const asked = [files.stat('/scratch/a'), files.stat('/scratch/b')];
    fake.end();
    for (const answer of asked) await expect(answer).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
