import type { Bytes } from '../bytes/bytes';
import { ImageRefusedError } from '../image-refused';
import type { ImageFormat } from '../types';

/** What a header says, judged. */
export interface Header {
  format: ImageFormat;
  variant: string;
  virtualBytes: number;
}

/** Reads and judges a file of one format. @throws ImageRefusedError */
export type HeaderReader = (bytes: Bytes) => Promise<Header>;

/** No format that is taken here can be larger (64 TiB, VHDX); what is claimed beyond is no size. What a site takes is another question. */
const LARGEST_DISK = 64 * 2 ** 40;

/** @throws ImageRefusedError ABSURD_SIZE */
export function saneDisk(virtualBytes: number): void {
  if (virtualBytes <= 0) throw new ImageRefusedError('ABSURD_SIZE', 'a disk without size');
  if (virtualBytes > LARGEST_DISK) throw new ImageRefusedError('ABSURD_SIZE', `a disk of ${virtualBytes} bytes`);
}

/** @throws ImageRefusedError */
export function demand(holds: boolean, code: ConstructorParameters<typeof ImageRefusedError>[0], detail: string): void {
  if (!holds) throw new ImageRefusedError(code, detail);
}

/** Whether a name is to be opened by a protocol ("nbd:…", "json:{…}", "https://…") rather than as a path. */
export const isProtocol = (name: string): boolean => /^\s*[a-z][a-z0-9+.-]*:/i.test(name);

/** Refuses a table that is not wholly in the file. */
export function inFile(bytes: Bytes, position: number, length: number, what: string): void {
  const inside = position + length <= bytes.size;
  demand(inside, 'OUTSIDE_FILE', `${what}: ${length} bytes at ${position} of ${bytes.size}`);
}
