import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
  '.map': 'application/json',
};
const COMPRESSED = /^(text|image\/svg|application\/(json|manifest|wasm))/;
const SMALLEST = 1024;
/** The builder puts a hash of the content into the name: such a name never means anything else. */
const HASHED = /[-.][A-Z0-9]{8}\.(js|css|woff2?|png|svg|webp|wasm)$/;

export type Encoding = 'br' | 'gzip' | 'identity';

/** One file of the portal, with its compressed forms made when first asked for. */
export class StaticFile {
  readonly type: string;
  readonly etag: string;
  /** Whether the name changes with the content. */
  readonly immutable: boolean;
  readonly compressible: boolean;
  readonly content: Buffer;
  private readonly forms = new Map<Encoding, Promise<Buffer>>();

  constructor(name: string, content: Buffer) {
    this.content = content;
    this.type = TYPES[extname(name)] ?? 'application/octet-stream';
    this.etag = createHash('sha256').update(content).digest('base64url').slice(0, 22);
    this.immutable = HASHED.test(name);
    this.compressible = content.length >= SMALLEST && COMPRESSED.test(this.type);
  }

  as(encoding: Encoding): Promise<Buffer> {
    const known = this.forms.get(encoding);
    if (known) return known;
    const form = compress(this.content, encoding);
    this.forms.set(encoding, form);
    return form;
  }
}

/**
 * All files below a folder, read once into memory: a request can name nothing but what was there, whatever its path looks
 * like. Keys are URL paths (`/main-ABCDEFGH.js`).
 */
export function loadStaticFiles(folder: string): Map<string, StaticFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return [file.slice(folder.length), new StaticFile(entry.name, readFileSync(file))];
    }),
  );
}

function compress(content: Buffer, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'br') {
    return promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
  }
  return encoding === 'gzip' ? promisify(gzip)(content) : Promise.resolve(content);
}

/** Whether a path asks for a file by its kind: when that is missing, the portal's page would be the wrong answer. */
export function namesAFile(path: string): boolean {
  const kind = extname(path);
  return kind !== '.html' && kind in TYPES;
}

/** The best encoding that the request accepts. */
export function chooseEncoding(accept: string | undefined, file: StaticFile): Encoding {
  if (!file.compressible || !accept) return 'identity';
  const offered = accept.split(',').map((part) => part.trim().toLowerCase());
  const takes = (name: string) => offered.some((part) => part === name || (part.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(part)));
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}
