import { Duplex, duplexPair } from 'node:stream';
import { folderOf, nameOf } from '../guest-files';
import { MemoryFileTree } from '../memory-files';
import { PacketReader } from '../sftp/packet-reader';
import { PacketSplitter } from '../sftp/packet-splitter';
import { string, u32, u64 } from '../sftp/packet-writer';
import { ANSWER, ATTRIBUTE, EXTENSION, OPEN, REQUEST, STATUS } from '../sftp/protocol';

/** A packet as it goes over the wire. */
export function packet(type: number, ...fields: Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.of(type), ...fields]);
  return Buffer.concat([u32(body.length), body]);
}

export const statusPacket = (id: number, code: number): Buffer =>
  packet(ANSWER.STATUS, u32(id), u32(code), string('said so'), string('en'));

/** The fields ATTRS of something with this mode. */
export const attributes = (mode: number, size: number | bigint = 0): Buffer => {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(size));
  return Buffer.concat([
    u32(ATTRIBUTE.SIZE | ATTRIBUTE.PERMISSIONS | ATTRIBUTE.TIMES),
    bytes,
    u32(mode),
    u32(1e9),
    u32(1e9),
  ]);
};

export const FILE_MODE = 0o100_644;
export const FOLDER_MODE = 0o040_755;

const EVERYTHING: [string, string][] = [
  [EXTENSION.RENAME_OVER, '1'],
  [EXTENSION.STORE, '1'],
  [EXTENSION.SPACE, '2'],
];

export interface FakeServerOptions {
  extensions?: [string, string][];
  /** Bytes per packet of what is sent; null = as it comes. */
  pieceBytes?: number | null;
  /** Names given by one READDIR. */
  namesAtOnce?: number;
  /** Most bytes one READ gives. */
  mostRead?: number;
  /** Answers this request itself: true = nothing more to do. */
  instead?: (type: number, id: number, fields: PacketReader, say: (bytes: Buffer) => void) => boolean;
}

/** An SFTP server of version 3 over a pair of streams, with a tree in memory, as OpenSSH's would answer. */
export class FakeSftpServer {
  /** For the client. */
  readonly stream: Duplex;
  readonly tree = new MemoryFileTree();
  /** Types of the requests that came, in order. */
  readonly asked: number[] = [];
  private readonly handles = new Map<string, { path: string; names: string[] | null }>();
  private readonly own: Duplex;
  private nextHandle = 0;

  constructor(private readonly options: FakeServerOptions = {}) {
    [this.own, this.stream] = duplexPair();
    const splitter = new PacketSplitter((body) => this.take(new PacketReader(body)));
    this.own.on('data', (bytes: Buffer) => splitter.push(bytes));
    this.own.on('error', () => undefined);
  }

  get openHandles(): number {
    return this.handles.size;
  }

  say(bytes: Buffer): void {
    const step = this.options.pieceBytes ?? bytes.length;
    for (let at = 0; at < bytes.length; at += step) this.own.write(bytes.subarray(at, at + step));
  }

  end(): void {
    this.own.destroy();
  }

  private take(reader: PacketReader): void {
    const type = reader.u8();
    this.asked.push(type);
    const id = reader.u32();
    if (this.options.instead?.(type, id, reader, (bytes) => this.say(bytes))) return;
    if (type === REQUEST.INIT) {
      const offered = this.options.extensions ?? EVERYTHING;
      this.say(
        packet(ANSWER.VERSION, u32(3), ...offered.flatMap(([name, version]) => [string(name), string(version)])),
      );
      return;
    }
    const answer = this.answer(type, reader);
    this.say(typeof answer === 'number' ? statusPacket(id, answer) : packet(answer.type, u32(id), ...answer.fields));
  }

  private answer(type: number, reader: PacketReader): number | { type: number; fields: Buffer[] } {
    const first = reader.string().toString('utf8');
    switch (type) {
      case REQUEST.OPEN:
        return this.open(first, reader.u32());
      case REQUEST.OPENDIR:
        return this.openFolder(first);
      case REQUEST.CLOSE:
        return this.handles.delete(first) ? STATUS.OK : STATUS.FAILURE;
      case REQUEST.READ:
        return this.read(first, Number(reader.u64()), reader.u32());
      case REQUEST.WRITE:
        return this.write(first, Number(reader.u64()), reader.string());
      case REQUEST.STAT:
        return this.stat(first);
      case REQUEST.FSTAT:
        return this.stat(this.handles.get(first)?.path ?? '');
      case REQUEST.FSETSTAT:
        return STATUS.OK;
      case REQUEST.READDIR:
        return this.readFolder(first);
      case REQUEST.REMOVE:
        return this.refusalToWrite(first) ?? (this.tree.nodes.delete(first) ? STATUS.OK : STATUS.NO_SUCH_FILE);
      case REQUEST.MKDIR:
        return this.refusalToWrite(first) ?? this.put(first, null);
      case REQUEST.RENAME:
        return this.rename(first, reader.string().toString('utf8'), false);
      case REQUEST.EXTENDED:
        return this.extended(first, reader);
      default:
        return 8;
    }
  }

  private open(path: string, flags: number): number | { type: number; fields: Buffer[] } {
    const there = this.tree.nodes.get(path);
    if (!(flags & OPEN.CREATE)) return there?.content ? this.handle(path, null) : STATUS.NO_SUCH_FILE;
    if (there) return STATUS.FAILURE;
    return this.refusalToWrite(path) ?? (this.put(path, Buffer.alloc(0)), this.handle(path, null));
  }

  private openFolder(path: string): number | { type: number; fields: Buffer[] } {
    if (this.tree.nodes.get(path)?.content !== null) return STATUS.NO_SUCH_FILE;
    const names = [...this.tree.nodes.keys()].filter((one) => one !== '/' && folderOf(one) === path).map(nameOf);
    return this.handle(path, ['.', '..', ...names]);
  }

  private read(handle: string, offset: number, length: number): number | { type: number; fields: Buffer[] } {
    const content = this.tree.nodes.get(this.handles.get(handle)?.path ?? '')?.content;
    if (!content) return STATUS.FAILURE;
    const most = Math.min(length, this.options.mostRead ?? length);
    return offset >= content.length
      ? STATUS.EOF
      : { type: ANSWER.DATA, fields: [string(content.subarray(offset, offset + most))] };
  }

  private write(handle: string, offset: number, data: Buffer): number {
    const path = this.handles.get(handle)?.path ?? '';
    const content = this.tree.nodes.get(path)?.content;
    if (!content || this.tree.used + data.length > this.tree.capacity) return STATUS.FAILURE;
    const grown = Buffer.alloc(Math.max(content.length, offset + data.length));
    content.copy(grown);
    data.copy(grown, offset);
    return this.put(path, grown);
  }

  private stat(path: string): number | { type: number; fields: Buffer[] } {
    const node = this.tree.nodes.get(path);
    if (!node) return STATUS.NO_SUCH_FILE;
    return { type: ANSWER.ATTRS, fields: [this.attributesOf(path)] };
  }

  private readFolder(handle: string): number | { type: number; fields: Buffer[] } {
    const open = this.handles.get(handle);
    const names = open?.names?.splice(0, this.options.namesAtOnce ?? 100) ?? [];
    if (!open || names.length === 0) return STATUS.EOF;
    const fields = names.flatMap((name) => [
      string(name),
      string(`-rw-r--r-- ${name}`),
      this.attributesOf(`${open.path}/${name}`),
    ]);
    return { type: ANSWER.NAME, fields: [u32(names.length), ...fields] };
  }

  private rename(from: string, to: string, over: boolean): number {
    const content = this.tree.nodes.get(from)?.content;
    if (content === undefined) return STATUS.NO_SUCH_FILE;
    if (this.tree.nodes.has(to) && !over) return STATUS.FAILURE;
    this.tree.nodes.delete(from);
    return this.put(to, content);
  }

  private extended(name: string, reader: PacketReader): number | { type: number; fields: Buffer[] } {
    const path = reader.string().toString('utf8');
    if (name === EXTENSION.STORE) return this.handles.has(path) ? STATUS.OK : STATUS.FAILURE;
    if (name === EXTENSION.RENAME_OVER) return this.rename(path, reader.string().toString('utf8'), true);
    const free = this.tree.capacity - this.tree.used;
    const readOnly = this.isReadOnly(path) ? 1 : 0;
    const figures = [1, 1, this.tree.capacity, free, free, 9, 9, 9, 0, readOnly, 255];
    return { type: ANSWER.EXTENDED_REPLY, fields: figures.map(u64) };
  }

  private attributesOf(path: string): Buffer {
    const content = this.tree.nodes.get(path)?.content;
    return content ? attributes(FILE_MODE, content.length) : attributes(FOLDER_MODE, 4096);
  }

  private refusalToWrite(path: string): number | null {
    if (this.tree.nodes.get(folderOf(path))?.content !== null) return STATUS.NO_SUCH_FILE;
    return this.isReadOnly(path) ? STATUS.FAILURE : null;
  }

  private isReadOnly(path: string): boolean {
    return [...this.tree.readOnly].some((folder) => path === folder || path.startsWith(`${folder}/`));
  }

  private handle(path: string, names: string[] | null): { type: number; fields: Buffer[] } {
    const handle = `h${++this.nextHandle}`;
    this.handles.set(handle, { path, names });
    return { type: ANSWER.HANDLE, fields: [string(handle)] };
  }

  private put(path: string, content: Buffer | null): number {
    this.tree.put(path, content);
    return STATUS.OK;
  }
}
