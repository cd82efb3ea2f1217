import type { Duplex } from 'node:stream';
import { GuestFilesError } from '../errors';
import { PacketReader } from './packet-reader';
import { PacketSplitter } from './packet-splitter';
import { string, u32 } from './packet-writer';
import { ANSWER, ProtocolViolation, REQUEST, SftpRefusal, STATUS, VERSION } from './protocol';

export interface SessionLimits {
  /** How long the server may be silent while it owes an answer, ms. */
  silenceMs: number;
  /** The same while it stores a file for good. */
  storeMs: number;
}

export const DEFAULT_SESSION_LIMITS: SessionLimits = { silenceMs: 60_000, storeMs: 300_000 };

/** More names of abilities than any server has. */
const MOST_EXTENSIONS = 64;
/** Of a refusal's text, for the log. */
const LONGEST_TEXT = 200;
/** Bytes of a field that are put together with others. */
const LONGEST_COPIED = 4096;

type AnswerType = (typeof ANSWER)[keyof typeof ANSWER];

interface Waiting {
  want: AnswerType;
  slow: boolean;
  resolve: (answer: PacketReader) => void;
  reject: (error: Error) => void;
}

/**
 * One SFTP connection over any stream: requests go out as they come, each answer belongs to the request whose id it names. The server may
 * be anybody: what it must not say, and silence, end the connection, and every request fails with `unavailable`.
 */
export class SftpSession {
  private readonly waiting = new Map<number, Waiting>();
  private readonly splitter = new PacketSplitter((body) => this.take(body));
  private greeting: { resolve: () => void; reject: (error: Error) => void } | null = null;
  private nextId = 0;
  private silence: NodeJS.Timeout | null = null;
  private failure: GuestFilesError | null = null;
  private readonly offered = new Map<string, string>();
  /** Called once, when the connection has ended. */
  onEnd: () => void = () => undefined;

  private constructor(
    private readonly stream: Duplex,
    private readonly limits: SessionLimits,
  ) {
    stream.on('data', (bytes: Buffer) => this.push(bytes));
    stream.on('error', (error) => this.end(`connection: ${error.message}`));
    for (const event of ['end', 'close']) stream.on(event, () => this.end('connection closed by the other side'));
  }

  /** Greets the server. Rejects with `unavailable`, and the stream is destroyed. */
  static async open(stream: Duplex, limits = DEFAULT_SESSION_LIMITS): Promise<SftpSession> {
    const session = new SftpSession(stream, limits);
    await session.greet();
    return session;
  }

  get ended(): boolean {
    return this.failure !== null;
  }

  /** Whether the server has this addition to the protocol, in this version. */
  offers(extension: string, version: string): boolean {
    return this.offered.get(extension) === version;
  }

  /**
   * Sends a request and gives its answer's fields; for `ANSWER.STATUS`, those of "ok".
   * @throws SftpRefusal the server says no, or "end of file"
   * @throws GuestFilesError unavailable
   */
  request(type: number, fields: Buffer[], want: AnswerType, slow = false): Promise<PacketReader> {
    if (this.failure) return Promise.reject(this.failure);
    const id = this.freeId();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { want, slow, resolve, reject });
      this.send(type, [u32(id), ...fields]);
      if (this.silence === null || slow) this.armSilence();
    });
  }

  /** A request for an addition to the protocol. */
  extended(name: string, fields: Buffer[], want: AnswerType, slow = false): Promise<PacketReader> {
    return this.request(REQUEST.EXTENDED, [string(name), ...fields], want, slow);
  }

  /** An answer turned out to be impossible: ends the session; gives the error to throw. */
  violated(violation: ProtocolViolation): GuestFilesError {
    return this.end(`the file server broke the protocol: ${violation.message}`);
  }

  close(): void {
    this.end('closed by us');
  }

  private greet(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.greeting = { resolve, reject };
      this.send(REQUEST.INIT, [u32(VERSION)]);
      this.armSilence();
    });
  }

  private send(type: number, fields: Buffer[]): void {
    const length = fields.reduce((sum, field) => sum + field.length, 1);
    // A file's bytes come last and are not copied.
    const last = fields.at(-1);
    const apart = last && last.length > LONGEST_COPIED ? last : null;
    this.stream.cork();
    this.stream.write(Buffer.concat([u32(length), Buffer.of(type), ...(apart ? fields.slice(0, -1) : fields)]));
    if (apart) this.stream.write(apart);
    this.stream.uncork();
  }

  private push(bytes: Buffer): void {
    if (this.failure) return;
    try {
      this.splitter.push(bytes);
      this.armSilence();
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.violated(error);
    }
  }

  private take(body: Buffer): void {
    if (this.failure) return;
    const reader = new PacketReader(body);
    const type = reader.u8();
    if (this.greeting) return this.greeted(type, reader);
    const id = reader.u32();
    const waiting = this.waiting.get(id);
    if (!waiting) throw new ProtocolViolation(`an answer to ${id}, which nobody asked`);
    if (type === ANSWER.STATUS) {
      const refusal = readStatus(reader);
      if (!refusal && waiting.want !== ANSWER.STATUS) throw new ProtocolViolation('"ok" where something was asked for');
      this.waiting.delete(id);
      return refusal ? waiting.reject(refusal) : waiting.resolve(reader);
    }
    if (type !== waiting.want) throw new ProtocolViolation(`an answer of type ${type} instead of ${waiting.want}`);
    this.waiting.delete(id);
    waiting.resolve(reader);
  }

  private greeted(type: number, reader: PacketReader): void {
    if (type !== ANSWER.VERSION) throw new ProtocolViolation(`a packet of type ${type} before its version`);
    const version = reader.u32();
    if (version !== VERSION) throw new ProtocolViolation(`version ${version}`);
    while (reader.left > 0) {
      if (this.offered.size >= MOST_EXTENSIONS) throw new ProtocolViolation('too many extensions');
      this.offered.set(reader.string().toString('latin1'), reader.string().toString('latin1'));
    }
    this.greeting?.resolve();
    this.greeting = null;
  }

  private freeId(): number {
    do this.nextId = (this.nextId + 1) >>> 0;
    while (this.waiting.has(this.nextId));
    return this.nextId;
  }

  private armSilence(): void {
    if (this.silence) clearTimeout(this.silence);
    this.silence = null;
    if (this.failure || (!this.greeting && this.waiting.size === 0)) return;
    const slow = [...this.waiting.values()].some((waiting) => waiting.slow);
    const ms = slow ? this.limits.storeMs : this.limits.silenceMs;
    this.silence = setTimeout(() => this.end(`the file server did not answer for ${ms} ms`), ms).unref();
  }

  private end(detail: string): GuestFilesError {
    if (this.failure) return this.failure;
    const failure = new GuestFilesError('unavailable', detail);
    this.failure = failure;
    if (this.silence) clearTimeout(this.silence);
    this.stream.destroy();
    this.greeting?.reject(failure);
    this.greeting = null;
    for (const { reject } of this.waiting.values()) reject(failure);
    this.waiting.clear();
    this.onEnd();
    return failure;
  }
}

/** Null: "ok". Text and language are missing in some old servers' answers. */
function readStatus(reader: PacketReader): SftpRefusal | null {
  const code = reader.u32();
  const text = reader.left > 0 ? reader.string().toString('utf8') : '';
  if (reader.left > 0) reader.string();
  reader.end();
  return code === STATUS.OK
    ? null
    : new SftpRefusal(code, text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, LONGEST_TEXT));
}
