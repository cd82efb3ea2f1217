import { chmodSync, chownSync, closeSync, constants, createWriteStream, openSync, rmSync } from 'node:fs';
import { createServer, Server } from 'node:net';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RunAs } from '../../machine';
import { privileged } from './confined';

/** How long a machine may take to begin to send. */
const BEGIN_MS = 60_000;

/** Takes what one QEMU sends of its state over a unix socket, and writes it to a file. */
export class StateReceiver {
  private constructor(
    private readonly server: Server,
    /** Resolves when all was written and is on the disk; rejects when it can't be written. */
    readonly done: Promise<void>,
  ) {}

  /** @param runAs whose socket it becomes; null: ours */
  static async listen(socketPath: string, file: string, runAs: RunAs | null): Promise<StateReceiver> {
    rmSync(socketPath, { force: true });
    const server = createServer();
    const done = new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the machine sent no state')), BEGIN_MS).unref();
      server.once('connection', (socket) => {
        clearTimeout(late);
        server.close();
        pipeline(socket, createWriteStream(file, { mode: 0o600, flush: true })).then(resolve, reject);
      });
      server.once('close', () => clearTimeout(late));
    });
    // Whoever waits for it gets the error; until then it is nobody's.
    done.catch(() => undefined);
    // By way of the folder's descriptor: the kernel takes no more than 107 characters.
    const folder = openSync(dirname(socketPath), constants.O_DIRECTORY);
    const short = `/proc/self/fd/${folder}/${basename(socketPath)}`;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(short, resolve)).finally(() => closeSync(folder));
    if (privileged() && runAs) chownSync(socketPath, runAs.uid, runAs.gid);
    chmodSync(socketPath, 0o600);
    return new StateReceiver(server, done);
  }

  close(): void {
    this.server.close();
  }
}
