import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Audit } from '../../audit/audit';
import { Config } from '../../config';
import { VALID } from '../authorisations';
import { hashOfCode, newCode } from '../invitations/invitation-code';
import { CodeFile } from './code-file';

/** How long a code is good, and how often it is looked whether one is needed. */
const HOURS = 24;
const EVERY_MS = 10 * 60_000;
/** Several processes may start at once; one of them makes the code. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtext('beamdesk:first-admin'))`;
const REASON = 'You set this portal up.';

/**
 * While nobody is an administrator, an invitation to be one lies in a file that only the portal's own user and root can read.
 * Whoever can read it signs in, opens the link and accepts, as with any invitation. It is good once and for 24 hours; its code is
 * in the file and nowhere else.
 */
@Injectable()
export class FirstAdmin implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(FirstAdmin.name);
  private readonly file: CodeFile | null;
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly audit: Audit,
  ) {
    this.file = config.firstAdminFile === null ? null : new CodeFile(config.firstAdminFile);
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.file || !this.config.roles.has('web')) return;
    await this.tryToLook(true);
    this.timer = setInterval(() => void this.tryToLook(false), EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** A portal whose file can't be written serves its people all the same; `npm run authorise` is there too. */
  private async tryToLook(starting: boolean): Promise<void> {
    try {
      await this.look(starting);
    } catch (error) {
      this.logger.error(`no way in for the first administrator: ${String(error)}`);
    }
  }

  /**
   * Makes a code where one is needed, and removes the file where none is.
   * @param starting a start makes a new one also when the file of an open one is gone: its code can't be had again
   */
  async look(starting: boolean): Promise<void> {
    const { file } = this;
    if (!file) return;
    const made = await this.dataSource.transaction(async (manager) => {
      await manager.query(LOCK);
      if (await thereIsAnAdministrator(manager)) return null;
      const open = await openCode(manager);
      const code = await file.code();
      if (open !== null && (!starting || (code !== null && hashOfCode(code) === open))) return 'there';
      return this.make(manager, file);
    });
    if (made === null) await file.remove();
    else if (made === 'made') this.logger.warn(`nobody is an administrator yet: a one-time link to become one is in ${file.path}`);
  }

  /** The file comes first: a code in the database alone would be good for nobody. */
  private async make(manager: EntityManager, file: CodeFile): Promise<'made'> {
    const code = newCode();
    const link = new URL('/invitation', this.config.publicUrl);
    link.hash = code;
    await file.write(link.href);
    await manager.query(
      `UPDATE invitation SET withdrawn_at = now() WHERE by_portal AND used_at IS NULL AND withdrawn_at IS NULL`,
    );
    const [row]: { id: string }[] = await manager.query(
      `INSERT INTO invitation (code_hash, name, role, redeem_by, reason, by_portal)
       VALUES ($1, 'the first administrator', 'ADMIN', now() + make_interval(hours => $2), $3, true) RETURNING id`,
      [hashOfCode(code), HOURS, REASON],
    );
    const details = { invitation: row?.id ?? null, role: 'ADMIN' };
    await this.audit.write(manager, { kind: 'invitation-made', actorId: null, subjectId: null, details });
    return 'made';
  }
}

async function thereIsAnAdministrator(manager: EntityManager): Promise<boolean> {
  const [row]: { there: boolean }[] = await manager.query(
    `SELECT EXISTS (SELECT FROM authorisation a WHERE a.role = 'ADMIN' AND ${VALID}) AS there`,
  );
  return row?.there ?? false;
}

/** The hash of the code that is good now; null: there is none. */
async function openCode(manager: EntityManager): Promise<string | null> {
  const [row]: { hash: string }[] = await manager.query(
    `SELECT code_hash AS hash FROM invitation
     WHERE by_portal AND used_at IS NULL AND withdrawn_at IS NULL AND redeem_by > now() ORDER BY made_at DESC LIMIT 1`,
  );
  return row?.hash ?? null;
}
