import { join } from 'node:path';

/** Contents of images, each in a folder named after its SHA-256; a root that machines may read from. */
export const storeFolder = (dataDir: string): string => join(dataDir, 'images/store');

/** Half-made contents, one folder for each version under way. In the store's own folder: what is finished is moved, never copied. */
export const workFolder = (dataDir: string): string => join(storeFolder(dataDir), '.work');

/** What people upload, before it is taken in. */
export const uploadsFolder = (dataDir: string): string => join(dataDir, 'images/uploads');

/** What is booted: our own qcow2, or an ISO as it is. */
export const contentName = (boot: 'disk' | 'iso'): string => (boot === 'iso' ? 'disk.iso' : 'disk.qcow2');

export function contentFile(dataDir: string, sha256: string, boot: 'disk' | 'iso'): string {
  return join(storeFolder(dataDir), sha256, contentName(boot));
}
