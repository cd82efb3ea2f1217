import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HypervisorError } from '../errors';
import { GuestFilesError } from '../files/errors';
import { GuestFiles } from '../files/guest-files';
import { SharedSession } from '../files/shared-session';
import { SftpFiles } from '../files/sftp/sftp-files';
import { SftpSession } from '../files/sftp/sftp-session';
import { Uploads } from '../files/uploads';
import { FILES_SOCKET } from './argv';
import { GuestRefused } from './guest-refused';
import { codeOf, textOf } from './launcher/refusals';
import { MachineCare } from './machine-care';
import { MachineRecord } from './record';
import { unixConnect } from './unix-connect';

/** How long a guest may take to start its file service. */
const SERVE_MS = 15_000;
/** How long a connection that nobody uses is kept. */
const IDLE_MS = 60_000;
/** What an earlier connection left in the channel can spoil the first try. */
const TRIES = 3;
const RETRY_MS = 300;
/** How long the measured use of a share is believed, ms. */
const MEASURED_MS = 1000;

const NOT_RUNNING = 'Your desktop is not running, so its files cannot be reached.';
const NO_SERVICE =
  'This desktop has no file service that works: its image is made without it or too old, or it runs since before an update.';
const NO_ANSWER = 'Your desktop does not answer, so its files cannot be reached. Try again in a moment.';

interface Served {
  /** The guest's boot that serves them. */
  bootId: string | null;
  session: SharedSession;
  uploads: Uploads;
}

/** The file services of this host's machines: one connection per machine, shared by all who use its files. */
export class MachineFiles {
  private readonly served = new Map<string, Served>();
  private readonly measured = new Map<string, { at: number; usedBytes: Promise<number> }>();

  constructor(
    private readonly care: MachineCare,
    private readonly scratchUsed: (path: string) => Promise<number>,
  ) {}

  /** `record`: of a machine that is on. @throws GuestFilesError unavailable */
  async files(record: MachineRecord): Promise<GuestFiles> {
    const { id } = record.order;
    const { session, uploads } = this.servedOf(id);
    const files = new SftpFiles(await session.acquire(), {
      uploads,
      room: (path) => this.room(id, path),
      closed: () => session.release(),
    });
    void files.sweep().catch(() => undefined);
    return files;
  }

  /** The machine is off or gone, or will be: its connection ends. */
  forget(id: string): void {
    this.served.get(id)?.session.close();
    this.served.delete(id);
  }

  close(): void {
    for (const id of [...this.served.keys()]) this.forget(id);
  }

  static notRunning(id: string): GuestFilesError {
    return new GuestFilesError('unavailable', `${id} is not on`, NOT_RUNNING);
  }

  private servedOf(id: string): Served {
    const bootId = this.care.live.get(id)?.link.bootId ?? null;
    const known = this.served.get(id);
    if (known?.bootId === bootId) return known;
    // A guest that restarted left the connection standing, with nobody at its end.
    known?.session.close();
    const made = {
      bootId,
      session: new SharedSession(() => this.connect(id), IDLE_MS),
      uploads: known?.uploads ?? new Uploads(),
    };
    this.served.set(id, made);
    return made;
  }

  private async connect(id: string): Promise<SftpSession> {
    for (let left = TRIES - 1; ; left--) {
      try {
        return await this.connectOnce(id);
      } catch (error) {
        const hopeless = error instanceof GuestFilesError && error.message === NO_SERVICE;
        if (hopeless || left === 0) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  /** In the order the agent's protocol asks for (images/README.md): the socket, `serve-files`, then the first packet. */
  private async connectOnce(id: string): Promise<SftpSession> {
    const agent = this.care.live.get(id)?.link.agentClient;
    if (!agent) throw new GuestFilesError('unavailable', `${id}: no connection to the agent`, NO_ANSWER);
    const socket = await unixConnect(join(this.care.store.files(id), FILES_SOCKET)).catch((error: unknown) => {
      const missing = codeOf(error) === 'ENOENT';
      throw new GuestFilesError('unavailable', `${FILES_SOCKET}: ${textOf(error)}`, missing ? NO_SERVICE : NO_ANSWER);
    });
    // Until the session listens. What comes before the agent's `ok` belongs to an earlier connection.
    const drop = () => undefined;
    socket.on('error', drop).on('data', drop);
    try {
      await agent.command('serve-files', SERVE_MS);
      socket.off('data', drop);
      return await SftpSession.open(socket);
    } catch (error) {
      socket.destroy();
      if (!(error instanceof HypervisorError)) throw error;
      throw new GuestFilesError('unavailable', error.detail, error instanceof GuestRefused ? NO_SERVICE : NO_ANSWER);
    }
  }

  /** What the limit of the share that is mounted there leaves; null = no limit. */
  private async room(id: string, path: string): Promise<number | null> {
    const record = await this.care.recordOf(id);
    const mount = record?.personalised?.mounts.find(
      ({ guestPath }) => path === guestPath || path.startsWith(`${guestPath}/`),
    );
    const share = record?.order.shares.find(({ tag }) => tag === mount?.tag);
    if (!share || share.readOnly || share.limitMib === null) return null;
    return Math.max(0, share.limitMib * 1024 * 1024 - (await this.usedBytes(share.hostPath)));
  }

  private usedBytes(path: string): Promise<number> {
    const now = Date.now();
    const known = this.measured.get(path);
    if (known && now - known.at < MEASURED_MS) return known.usedBytes;
    const usedBytes = this.scratchUsed(path);
    usedBytes.catch(() => this.measured.delete(path));
    this.measured.set(path, { at: now, usedBytes });
    return usedBytes;
  }
}
