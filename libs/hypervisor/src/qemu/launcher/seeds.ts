import { chmodSync, mkdirSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudInit } from '../../machine';
import { seedDisk } from '../../seed/cloud-init';

/** Beside what belongs to the machine, which reads it and can't change it. */
const FOLDER = 'seed';
const FILE = 'seed.iso';

/** Writes a machine's disk for cloud-init, as a whole or not at all; the same at each start. Gives its path. */
export function makeSeed(folder: string, id: string, cloudInit: CloudInit): string {
  const own = join(realpathSync(folder), FOLDER);
  mkdirSync(own, { recursive: true });
  const path = join(own, FILE);
  writeFileSync(`${path}.new`, seedDisk(id, cloudInit), { flush: true });
  chmodSync(`${path}.new`, 0o644);
  renameSync(`${path}.new`, path);
  return path;
}
