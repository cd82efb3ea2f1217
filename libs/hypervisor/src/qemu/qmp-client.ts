import { Duplex } from 'node:stream';
import { z } from 'zod';
import { HypervisorUnreachable } from '../errors';
import { LineSplitter } from './line-splitter';

const message = z.looseObject({
  QMP: z.unknown().optional(),
  id: z.unknown().optional(),
  return: z.unknown().optional(),
  error: z.object({ class: z.string(), desc: z.string() }).optional(),
  event: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
});
type Message = z.infer<typeof message>;

/** QEMU understood and declined. */
export class QmpRefusal extends Error {
  constructor(
    readonly command: string,
    readonly qmpClass: string,
    readonly description: string,
  ) {
    super(`${command}: ${description}`);
  }
}

interface Waiting {
  command: string;
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** QEMU's own answers stay far below; more than this in one line is not QMP. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * The QEMU Machine Protocol over one connection: a greeting, `qmp_capabilities`, then commands and events, one JSON object a line
 * (docs/interop/qmp-spec in QEMU's sources). Every command has a time limit; when the connection ends, all that wait are told.
 */
export class QmpClient {
  private readonly waiting = new Map<number, Waiting>();
  private next = 1;
  private ended: HypervisorUnreachable | null = null;
  private greet: () => void = () => undefined;

  /** Called for each event, e.g. ('SHUTDOWN', { guest: true }). */
  onEvent: (event: string, data: Record<string, unknown>) => void = () => undefined;
  /** Called once, when the connection has ended. */
  onEnd: () => void = () => undefined;

  private constructor(
    private readonly stream: Duplex,
    private readonly timeoutMs: number,
  ) {
    const lines = new LineSplitter(
      LONGEST_LINE,
      (line) => this.take(line),
      () => this.end('a line is too long'),
    );
    stream.on('data', (bytes: Buffer) => lines.push(bytes));
    stream.on('error', (error) => this.end(error.message));
    stream.on('close', () => this.end('connection closed'));
    stream.on('end', () => this.end('connection closed'));
  }

  /** Takes over a fresh connection: waits for the greeting and leaves negotiation mode. */
  static async open(stream: Duplex, timeoutMs = 5000): Promise<QmpClient> {
    const client = new QmpClient(stream, timeoutMs);
    await new Promise<void>((resolve, reject) => {
      client.wait(0, 'greeting', () => resolve(), reject);
      client.greet = () => client.settle(0, (waiting) => waiting.resolve(undefined));
    });
    await client.execute('qmp_capabilities');
    return client;
  }

  /** Sends one command and gives its `return`. Arguments never show up in an error. */
  execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    if (this.ended) return Promise.reject(this.ended);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.wait(id, command, resolve, reject);
      this.stream.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  close(): void {
    this.end('closed by us');
  }

  private wait(id: number, command: string, resolve: (value: unknown) => void, reject: (error: Error) => void): void {
    const timer = setTimeout(() => {
      // An answer that comes later could belong to anything: the connection is given up.
      this.end(`no answer to ${command} within ${this.timeoutMs} ms`);
    }, this.timeoutMs);
    this.waiting.set(id, { command, resolve, reject, timer });
  }

  private take(line: string): void {
    const parsed = parse(line);
    if (!parsed) return this.end('what came is not QMP');
    const { error } = parsed;
    if (parsed.QMP !== undefined) this.greet();
    else if (parsed.event !== undefined) this.onEvent(parsed.event, parsed.data ?? {});
    else if (typeof parsed.id === 'number') {
      this.settle(parsed.id, (waiting) => {
        if (error) waiting.reject(new QmpRefusal(waiting.command, error.class, error.desc));
        else waiting.resolve(parsed.return);
      });
    }
  }

  private settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id);
    clearTimeout(waiting.timer);
    how(waiting);
  }

  private end(why: string): void {
    if (this.ended) return;
    this.ended = new HypervisorUnreachable(`QMP: ${why}`);
    const { ended } = this;
    for (const id of [...this.waiting.keys()]) this.settle(id, (waiting) => waiting.reject(ended));
    this.stream.destroy();
    this.onEnd();
  }
}

function parse(line: string): Message | null {
  try {
    return message.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
