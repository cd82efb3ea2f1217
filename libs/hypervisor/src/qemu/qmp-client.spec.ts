import { Duplex } from 'node:stream';
import { HypervisorUnreachable } from '../errors';
import { QmpClient, QmpRefusal } from './qmp-client';

/** The other end of a connection, in one's hand. */
class FakeStream extends Duplex {
  readonly written: string[] = [];
  override _read(): void {
    // Pushed by hand.
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written.push(chunk.toString());
    done();
  }
  /** One byte at a time. */
  say(message: unknown): void {
    for (const byte of Buffer.from(`${JSON.stringify(message)}\r\n`)) this.push(Buffer.from([byte]));
  }
  async asked(): Promise<{ execute: string; arguments: unknown; id: number }> {
    while (!this.written.length) await new Promise((resolve) => setImmediate(resolve));
    return JSON.parse(this.written.shift() ?? '');
  }
}

async function opened(timeoutMs = 1000): Promise<{ stream: FakeStream; client: QmpClient }> {
  const stream = new FakeStream();
  const opening = QmpClient.open(stream, timeoutMs);
  stream.say({ QMP: { version: { qemu: { major: 7 } }, capabilities: ['oob'] } });
  const { execute, id } = await stream.asked();
  expect(execute).toBe('qmp_capabilities');
  stream.say({ return: {}, id });
  return { stream, client: await opening };
}

describe('QMP, byte by byte', () => {
  it('gives each answer to who asked, in whatever order, with events between', async () => {
    const { stream, client } = await opened();
    const events: unknown[] = [];
    client.onEvent = (event, data) => events.push([event, data]);
    const [first, second] = [client.execute('query-status'), client.execute('query-vnc')];
    const [one, two] = [await stream.asked(), await stream.asked()];
    stream.say({ return: { enabled: true, text: 'größer 🙂' }, id: two.id });
    stream.say({ event: 'SHUTDOWN', data: { guest: true }, timestamp: {} });
    stream.say({ return: { status: 'running' }, id: one.id });
    expect(await second).toEqual({ enabled: true, text: 'größer 🙂' });
    expect(await first).toEqual({ status: 'running' });
    expect(events).toEqual([['SHUTDOWN', { guest: true }]]);
  });

  it('tells a refusal apart, without the arguments', async () => {
    const { stream, client } = await opened();
    const asked = client.execute('set_password', { password: 'sesame' });
    stream.say({ error: { class: 'GenericError', desc: 'Could not set password' }, id: (await stream.asked()).id });
    await expect(asked).rejects.toBeInstanceOf(QmpRefusal);
    await expect(asked).rejects.not.toThrow(/sesame/);
  });

  it.each([
    ['what is not JSON', (stream: FakeStream) => stream.push('{"return"\n')],
    ['the end', (stream: FakeStream) => stream.push(null)],
    ['an endless line', (stream: FakeStream) => stream.push('x'.repeat(5 * 1024 * 1024))],
    ['silence', () => undefined],
  ])('on %s tells all that wait, once, and refuses more', async (_, spoil) => {
    const { stream, client } = await opened(200);
    const ended = jest.fn();
    client.onEnd = ended;
    const waiting = [client.execute('one'), client.execute('two')];
    spoil(stream);
    for (const each of waiting) await expect(each).rejects.toBeInstanceOf(HypervisorUnreachable);
    await expect(client.execute('three')).rejects.toBeInstanceOf(HypervisorUnreachable);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('gives up on a greeting that does not come', async () => {
    await expect(QmpClient.open(new FakeStream(), 50)).rejects.toBeInstanceOf(HypervisorUnreachable);
  });
});
