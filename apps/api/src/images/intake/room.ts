import { statfs } from 'node:fs/promises';
import { ImageRefusedError } from './image-refused';

/** Left free on the disk whatever is converted: desktops that run need some. */
const SPARE_BYTES = 256 * 1048576;

/** @throws ImageRefusedError NO_ROOM when a file of so many bytes would fill the disk that `folder` is on */
export async function demandRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes + SPARE_BYTES) return;
  throw new ImageRefusedError('NO_ROOM', `up to ${bytes} bytes are needed, ${free} are free for ${folder}`);
}
