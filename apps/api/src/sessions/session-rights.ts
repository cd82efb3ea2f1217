import { Catalogue, CatalogueUnavailable } from '@beamdesk/catalogue';
import type { Role } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { LoginSessions, Person, Refusal } from '../auth';
import { CopiedProposals } from '../catalogue-copy/copied-proposals';
import { CopyWriter } from '../catalogue-copy/copy-writer';
import { Config } from '../config';
import { TRIAL } from '../images/trial/trial-key';
import { GrantedAccess, InstanceAccess } from '../instances/instance-access';
import type { DesktopSessionEntity } from './desktop-session.entity';
import { STATUS } from './guacamole-status';

/** Why somebody may not connect, or not any longer. */
export interface Denial {
  /** Guacamole status. */
  status: number;
  code: Refusal | 'SIGNED_OUT' | 'NOT_A_MEMBER' | 'NOT_READY' | 'STOPPED' | 'GUEST_RESTARTED' | 'CATALOGUE_UNAVAILABLE';
  message: string;
}

export type Decision = { granted: GrantedAccess & { person: Person } } | { denied: Denial };

const deny = (status: number, code: Denial['code'], message: string): { denied: Denial } => ({
  denied: { status, code, message },
});

/** Roles with which a SUPPORT member may look on. */
const SUPPORTERS: Role[] = ['SUPPORT', 'STAFF', 'ADMIN'];

/** How long a catalogue's "member" is believed while a session runs. */
const BELIEVED_MS = 60_000;

/** The one place that decides whether a login session may hold a desktop session, asked anew at every step of its life. */
@Injectable()
export class SessionRights {
  private readonly believed = new Map<string, number>();

  constructor(
    private readonly loginSessions: LoginSessions,
    private readonly access: InstanceAccess,
    private readonly catalogue: Catalogue,
    private readonly copies: CopiedProposals,
    private readonly writer: CopyWriter,
    private readonly config: Config,
  ) {}

  /**
   * Whether a session may begin now. The catalogue is asked; while it does not answer, only a membership counts that it confirmed
   * within `MEMBERSHIP_MAX_AGE_MINUTES`.
   */
  async mayOpen(person: Person, instanceId: string): Promise<Decision> {
    const granted = await this.access.find(person.id, instanceId, 'connect');
    if (!granted || granted.instance.state === 'DELETED') return notAMember();
    if (!(await this.isInTeam(person, granted, false))) return notAMember();
    if (granted.instance.state !== 'READY' || granted.instance.wanted !== 'RUNNING') {
      return deny(STATUS.UPSTREAM_UNAVAILABLE, 'NOT_READY', 'The desktop is not ready.');
    }
    return { granted: { ...granted, person } };
  }

  /**
   * Whether a session may go on: signed in, authorised, conditions accepted, member, and its machine still meant to run
   * (an agent that is lost, or a guest that reboots, ends nothing). Except where the guest serves the console itself: the
   * connection to a guest that is gone stands still without an end, so one from before its desktop was last ready makes way.
   */
  async mayGoOn(session: Pick<DesktopSessionEntity, 'loginSid' | 'userId' | 'instanceId' | 'openedAt'>): Promise<Decision> {
    const { person, refusal } = await this.loginSessions.recheck(session.loginSid);
    if (refusal) return refused(refusal);
    if (person.id !== session.userId) return refused('NOT_SIGNED_IN');
    const granted = await this.access.find(person.id, session.instanceId, 'connect');
    if (!granted) return notAMember();
    const { state, wanted, consoleProtocol, readyAt } = granted.instance;
    if (wanted !== 'RUNNING' || (state !== 'READY' && state !== 'STARTING')) {
      return deny(STATUS.SESSION_CLOSED, 'STOPPED', 'The desktop was stopped.');
    }
    if (consoleProtocol === 'rdp' && state === 'READY' && readyAt !== null && session.openedAt < readyAt) {
      return deny(STATUS.UPSTREAM_UNAVAILABLE, 'GUEST_RESTARTED', 'The desktop was restarted.');
    }
    if (!(await this.isInTeam(person, granted, true))) return notAMember();
    return { granted: { ...granted, person } };
  }

  /**
   * Support staff look on without being in the team, for as long as that is their role. While a session runs a catalogue that does not answer takes nothing
   * away: that is never "no".
   */
  private async isInTeam(person: Person, { instance, role }: GrantedAccess, running: boolean): Promise<boolean> {
    if (role === 'SUPPORT') return person.roles.some((one) => SUPPORTERS.includes(one));
    if (instance.membershipLostAt !== null) return false;
    // No catalogue knows it: whoever tries an image does so as an administrator, for as long as they are one.
    if (instance.service === TRIAL) return role === 'OWNER' && person.roles.includes('ADMIN');
    const account = person.catalogueAccounts.find((a) => a.catalogue === instance.catalogue);
    if (!account) return false;
    const key = JSON.stringify([account.catalogue, account.name, instance.proposalKey]);
    if (running && (this.believed.get(key) ?? 0) > Date.now()) return true;
    try {
      const member = await this.catalogue.isMember(account, instance.proposalKey);
      this.believe(key, member);
      await this.writer[member ? 'confirm' : 'forget'](account, instance.proposalKey);
      return member;
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      if (running || (await this.copies.find(account, instance.proposalKey, this.config.membershipMaxAgeMs))) return true;
      throw error;
    }
  }

  private believe(key: string, member: boolean): void {
    const now = Date.now();
    for (const [known, until] of this.believed) if (until <= now) this.believed.delete(known);
    if (member) this.believed.set(key, now + BELIEVED_MS);
    else this.believed.delete(key);
  }
}

const MESSAGES: Record<Refusal, string> = {
  NOT_SIGNED_IN: 'You are signed out.',
  NOT_AUTHORISED: 'You are not authorised for this portal.',
  CONDITIONS_NOT_ACCEPTED: 'The Conditions of Usage have to be accepted first.',
};

export function refused(refusal: Refusal): { denied: Denial } {
  if (refusal === 'NOT_SIGNED_IN') return deny(STATUS.CLIENT_UNAUTHORIZED, 'SIGNED_OUT', MESSAGES[refusal]);
  return deny(STATUS.CLIENT_FORBIDDEN, refusal, MESSAGES[refusal]);
}

function notAMember(): { denied: Denial } {
  return deny(STATUS.CLIENT_FORBIDDEN, 'NOT_A_MEMBER', 'This desktop is not yours, or no longer.');
}
