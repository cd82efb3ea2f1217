import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { MemberEntity } from '../instances/entities/member.entity';
import { changeInstance } from '../sessions/testing/seed-instance';
import { answerTo, FilesBench, type RawAnswer } from './testing/files-bench';
import { Transfers } from './transfers';

const MIB = 1024 ** 2;

describe('a file on its way', () => {
  let bench: FilesBench;
  beforeAll(async () => {
    bench = await FilesBench.create();
  });
  afterAll(() => bench.test.close());
  beforeEach(() => bench.reset());

  /** An upload of which half has arrived. */
  async function halfSent(path = '/scratch/a', size = 2 * MIB) {
    const headers = { 'Content-Type': 'application/octet-stream', 'Content-Length': String(size) };
    const request = await bench.open(bench.ada.browser, 'PUT', bench.url('/content', path), headers);
    const answer = answerTo(request);
    answer.catch(() => undefined);
    request.write(Buffer.alloc(size / 2));
    return { request, answer };
  }

  /** A download that nobody reads. */
  async function halfRead(): Promise<IncomingMessage> {
    bench.tree.put('/scratch/big', Buffer.alloc(50 * MIB));
    const request = await bench.open(bench.ada.browser, 'GET', bench.url('/content', '/scratch/big'));
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  }

  const running = () => (bench.test.app.get(Transfers) as unknown as { running: Set<unknown> }).running.size;

  async function until(holds: () => boolean): Promise<void> {
    for (const end = Date.now() + 15_000; !holds() && Date.now() < end;)
      await new Promise((again) => setTimeout(again, 20));
    expect(holds()).toBe(true);
  }

  const endings: [string, number, string, () => Promise<unknown>][] = [
    ['its person signs out', 401, 'NOT_SIGNED_IN', () => bench.ada.browser.send('POST', '/api/auth/sign-out')],
    [
      'its person is no member any longer',
      404,
      'NOT_FOUND',
      async () => {
        await bench.test.dataSource.manager.delete(MemberEntity, { userId: bench.ada.userId });
        await changeInstance(bench.test.dataSource, bench.instance, { step: 'x' });
      },
    ],
    [
      'its person may only look on',
      403,
      'NOT_ALLOWED',
      async () => {
        await bench.test.dataSource.manager.update(MemberEntity, { userId: bench.ada.userId }, { role: 'GUEST' });
        await changeInstance(bench.test.dataSource, bench.instance, { step: 'x' });
      },
    ],
    [
      'the desktop is stopped',
      409,
      'DESKTOP_NOT_READY',
      () => changeInstance(bench.test.dataSource, bench.instance, { wanted: 'STOPPED' }),
    ],
  ];

  it.each(endings)('ends when %s, and leaves nothing', async (_what, status, code, happens) => {
    const reading = await halfRead();
    const { answer, request } = await halfSent();
    await until(() => running() === 2);
    await happens();
    expect(await answer).toMatchObject({ status, body: { code } });
    request.destroy();
    const cut = once(reading, 'error').then(([error]) => (error as Error).message);
    reading.resume();
    expect(await cut).toBe('aborted');
    expect([...bench.tree.nodes.keys()].filter((path) => path.startsWith('/scratch/'))).toEqual(['/scratch/big']);
    await until(() => running() === 0);
    if (code === 'NOT_SIGNED_IN')
      await bench.ada.browser.signIn({ sub: 'ada', name: 'ada Tester', email: 'ada@test.example' });
  });

  it('is decided anew every few seconds, without anybody having told', async () => {
    const { answer, request } = await halfSent();
    await until(() => running() === 1);
    await bench.test.dataSource.manager.delete(MemberEntity, { userId: bench.ada.userId });
    expect(await answer).toMatchObject({ status: 404 });
    request.destroy();
  }, 30_000);

  it('goes when the browser goes, and leaves nothing', async () => {
    const { request } = await halfSent();
    await until(() => running() === 1);
    request.destroy();
    await until(() => running() === 0);
    expect([...bench.tree.nodes.keys()].filter((path) => path.startsWith('/scratch/'))).toEqual([]);
    const reading = await halfRead();
    await until(() => running() === 1);
    reading.destroy();
    await until(() => running() === 0);
  });

  it('is one of four at most, per person and desktop', async () => {
    const four = await Promise.all([1, 2, 3, 4].map((n) => halfSent(`/scratch/${n}`)));
    await until(() => running() === 4);
    expect(await bench.put('/scratch/5', Buffer.from('x'))).toMatchObject({
      status: 429,
      body: { code: 'TOO_MANY_TRANSFERS' },
    });
    expect(await bench.get(bench.url('/content', '/scratch/5'))).toMatchObject({ status: 429 });
    expect(await bench.get(bench.url('', '/scratch'))).toMatchObject({ status: 200 });
    await bench.test.dataSource.manager.insert(MemberEntity, {
      instanceId: bench.instance,
      userId: bench.bo.userId,
      role: 'USER',
    });
    expect(await bench.put('/scratch/5', Buffer.from('x'), { browser: bench.bo.browser })).toMatchObject({
      status: 201,
    });
    for (const { request } of four) request.end(Buffer.alloc(MIB));
    const statuses = (await Promise.all(four.map(({ answer }) => answer))).map(({ status }: RawAnswer) => status);
    expect(statuses).toEqual([201, 201, 201, 201]);
    expect(await bench.put('/scratch/6', Buffer.from('x'))).toMatchObject({ status: 201 });
  });

  it('counts as use of the desktop', async () => {
    const lastAccess = async () =>
      (await bench.test.dataSource.manager.findOneByOrFail(InstanceEntity, { id: bench.instance })).lastAccessAt;
    expect(await lastAccess()).toBeNull();
    const { request, answer } = await halfSent();
    await until(() => running() === 1);
    await changeInstance(bench.test.dataSource, bench.instance, { step: 'x' });
    let seen: Date | null = null;
    for (const end = Date.now() + 12_000; !seen && Date.now() < end;) seen = await lastAccess();
    expect(seen).not.toBeNull();
    request.end(Buffer.alloc(MIB));
    expect(await answer).toMatchObject({ status: 201 });
  }, 30_000);

  it('is refused early and still answered, however much of it comes', async () => {
    bench.tree.put('/scratch/a', Buffer.from('x'));
    const answer = await bench.put('/scratch/a', Buffer.alloc(20 * MIB));
    expect(answer).toMatchObject({ status: 409, body: { code: 'FILE_EXISTS' } });
  });
});
