import { SftpSession } from './sftp/sftp-session';

/**
 * One session that many transfers share: opened when somebody needs it, opened anew when it was lost, and closed when nobody has needed
 * it for a while.
 */
export class SharedSession {
  private current: Promise<SftpSession> | null = null;
  private session: SftpSession | null = null;
  private users = 0;
  private idle: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    private readonly connect: () => Promise<SftpSession>,
    private readonly idleMs: number,
  ) {}

  /** Every `acquire` that resolved needs one `release`. */
  async acquire(): Promise<SftpSession> {
    this.users += 1;
    if (this.idle) clearTimeout(this.idle);
    try {
      return await this.opened();
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release(): void {
    this.users -= 1;
    if (this.users > 0 || this.closed) return;
    if (this.idle) clearTimeout(this.idle);
    this.idle = setTimeout(() => this.drop(), this.idleMs).unref();
  }

  close(): void {
    this.closed = true;
    if (this.idle) clearTimeout(this.idle);
    this.drop();
  }

  private opened(): Promise<SftpSession> {
    if (this.session?.ended) this.drop();
    this.current ??= this.open();
    return this.current;
  }

  private async open(): Promise<SftpSession> {
    try {
      const session = await this.connect();
      this.session = session;
      if (this.closed) session.close();
      return session;
    } catch (error) {
      this.current = null;
      throw error;
    }
  }

  private drop(): void {
    this.session?.close();
    this.session = null;
    this.current = null;
  }
}
