import { Readable } from 'node:stream';
import { GuestFilesError } from './errors';
import { folderOf, FolderListing, GuestFile, GuestFiles, nameOf, OpenedFile, WriteOrder } from './guest-files';
import { untilAborted } from './until-aborted';

interface Node {
  /** Null: a folder. */
  content: Buffer | null;
  modifiedAt: Date;
}

/** A guest's files that are only remembered: three empty folders at first. */
export class MemoryFileTree {
  readonly nodes = new Map<string, Node>();
  /** Folders nothing can be written below. */
  readonly readOnly = new Set(['/data']);

  constructor(readonly capacity = 1024 ** 3) {
    for (const path of ['/', '/scratch', '/data', '/home', '/home/user']) this.put(path, null);
  }

  put(path: string, content: Buffer | null): void {
    this.nodes.set(path, { content, modifiedAt: new Date() });
  }

  get used(): number {
    return [...this.nodes.values()].reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
  }
}

/** Files in memory, for tests and for machines that are only remembered. */
export class MemoryFiles extends GuestFiles {
  constructor(private readonly tree: MemoryFileTree) {
    super();
  }

  async list(path: string, most: number): Promise<FolderListing> {
    if (this.node(path).content) throw new GuestFilesError('not-a-folder', path);
    const paths = [...this.tree.nodes.keys()].filter((one) => one !== '/' && folderOf(one) === path);
    return {
      entries: await Promise.all(paths.slice(0, most).map((one) => this.stat(one))),
      truncated: paths.length > most,
    };
  }

  async stat(path: string): Promise<GuestFile> {
    const { content, modifiedAt } = this.node(path);
    return { name: nameOf(path), kind: content ? 'file' : 'folder', size: content?.length ?? 0, modifiedAt };
  }

  async read(path: string): Promise<OpenedFile> {
    const { content } = this.node(path);
    if (!content) throw new GuestFilesError('not-a-file', path);
    return {
      file: await this.stat(path),
      stream: (offset, length) => Readable.from(pieces(content, offset, length), { objectMode: false }),
      close: async () => undefined,
    };
  }

  async write(
    path: string,
    content: AsyncIterable<Buffer>,
    order: WriteOrder,
    signal?: AbortSignal,
  ): Promise<GuestFile> {
    const before = this.tree.nodes.get(path);
    if (before && !order.overwrite) throw new GuestFilesError('exists', path);
    if (before && !before.content) throw new GuestFilesError('not-a-file', path);
    this.refuseBelowReadOnly(path);
    if (order.size > this.tree.capacity - this.tree.used) throw new GuestFilesError('no-room', path);
    const chunks: Buffer[] = [];
    for await (const chunk of untilAborted(content, signal)) chunks.push(chunk);
    const whole = Buffer.concat(chunks);
    if (whole.length !== order.size) throw new GuestFilesError('incomplete', `${whole.length} of ${order.size} bytes`);
    if (this.tree.nodes.has(path) && !order.overwrite) throw new GuestFilesError('exists', path);
    this.tree.put(path, whole);
    return this.stat(path);
  }

  async makeFolder(path: string): Promise<'made' | 'there'> {
    const before = this.tree.nodes.get(path);
    if (before?.content) throw new GuestFilesError('exists', path);
    if (before) return 'there';
    this.refuseBelowReadOnly(path);
    this.tree.put(path, null);
    return 'made';
  }

  async space(path: string): Promise<number | null> {
    return this.isReadOnly(path) ? null : this.tree.capacity - this.tree.used;
  }

  async close(): Promise<void> {
    return undefined;
  }

  private node(path: string): Node {
    const node = this.tree.nodes.get(path);
    if (!node) throw new GuestFilesError(path.includes('\ufffd') ? 'bad-name' : 'not-found', path);
    return node;
  }

  private refuseBelowReadOnly(path: string): void {
    if (this.node(folderOf(path)).content) throw new GuestFilesError('not-a-folder', path);
    if (this.isReadOnly(path)) throw new GuestFilesError('not-permitted', path);
  }

  private isReadOnly(path: string): boolean {
    return [...this.tree.readOnly].some((folder) => path === folder || path.startsWith(`${folder}/`));
  }
}

const PIECE = 64 * 1024;

function* pieces(content: Buffer, offset: number, length: number): Generator<Buffer> {
  if (offset + length > content.length) throw new GuestFilesError('incomplete', 'shorter than asked for');
  for (let at = offset; at < offset + length; at += PIECE)
    yield content.subarray(at, Math.min(at + PIECE, offset + length));
}
