import { closeSync, constants, openSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import { basename, dirname } from 'node:path';

/** Not in Node's constants: a descriptor that only names a folder. */
const O_PATH = 0o10000000;
/** The kernel's `sun_path`, less its end mark. */
const LONGEST = 107;

/** Connects to a unix socket, also where its path is longer than the kernel takes. Rejects with the system's error. */
export function unixConnect(path: string): Promise<Socket> {
  const folder = path.length > LONGEST ? openSync(dirname(path), O_PATH | constants.O_DIRECTORY) : null;
  const socket = connect(folder === null ? path : `/proc/self/fd/${folder}/${basename(path)}`);
  return new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
    socket.once('error', reject);
  }).finally(() => {
    if (folder !== null) closeSync(folder);
  });
}
