import type { RenewalAnswer, RenewalRequest, SessionClosed, SessionOpened } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { LoginSessions } from '../auth';
import { InstancesRepository } from '../instances/instances.repository';
import { DesktopSessionEntity } from './desktop-session.entity';
import { DesktopSessionsRepository } from './desktop-sessions.repository';
import { STATUS } from './guacamole-status';
import { SessionRights } from './session-rights';

/** What the bridge tells of a session, and whether it may go on. */
@Injectable()
export class SessionLife {
  constructor(
    private readonly sessions: DesktopSessionsRepository,
    private readonly rights: SessionRights,
    private readonly instances: InstancesRepository,
    private readonly loginSessions: LoginSessions,
  ) {}

  /** False: unknown session. */
  opened(id: string, what: SessionOpened): Promise<boolean> {
    return this.sessions.opened(id, what);
  }

  closed(id: string, what: SessionClosed): Promise<boolean> {
    return this.sessions.closed(id, what);
  }

  /** Null: unknown session. */
  async renew(id: string, figures: RenewalRequest): Promise<RenewalAnswer | null> {
    const session = await this.sessions.renewed(id, figures);
    if (!session) return null;
    if (session.closedAt) return { continue: false, status: STATUS.SESSION_TIMEOUT, code: 'SESSION_ENDED' };
    const decision = await this.rights.mayGoOn(session);
    if ('denied' in decision) {
      const { status, code } = decision.denied;
      await this.sessions.end(id, code);
      return { continue: false, status, code };
    }
    await this.instances.note(decision.granted.instance, { lastAccessAt: new Date() }, true);
    if (hadInput(session, figures)) await this.loginSessions.touch(session.loginSid);
    return { continue: true };
  }
}

/** Keys, pointer or touch since the last renewal: only that counts as use of the login session. */
function hadInput(before: DesktopSessionEntity, { lastInputAt }: RenewalRequest): boolean {
  if (lastInputAt === null) return false;
  return before.lastInputAt === null || new Date(lastInputAt) > before.lastInputAt;
}
