import type { RedeemAnswer, RedeemRequest, SessionOpened } from '@beamdesk/contracts';
import { CatalogueUnavailable } from '@beamdesk/catalogue';
import { Injectable, Logger } from '@nestjs/common';
import { LoginSessions, Person } from '../auth';
import { Config } from '../config';
import { ConsoleSecrets } from '../instances/console-secrets';
import { type GrantedAccess, roleMay } from '../instances/instance-access';
import { InstancesRepository } from '../instances/instances.repository';
import { TicketsRepository } from '../tickets/tickets.repository';
import { consoleParameters, consoleUserName } from './console-parameters';
import { DesktopSessionsRepository, NewSession } from './desktop-sessions.repository';
import { STATUS } from './guacamole-status';
import { refused, SessionRights } from './session-rights';

/** How long a second tab waits for the first one's connection, and how often it looks. */
const WAIT_MS = 8_000;
const LOOK_MS = 100;
/** Consoles listen on loopback alone; guacd shares the network of the worker. */
const CONSOLE_HOST = '127.0.0.1';

type Refuse = Extract<RedeemAnswer, { action: 'refuse' }>;

const refuse = (status: number, code: string, message: string): Refuse => ({ action: 'refuse', status, code, message });

const INVALID = refuse(
  STATUS.CLIENT_UNAUTHORIZED,
  'TICKET_INVALID',
  'The right to connect has ended or was used already. The page asks for a new one.',
);

/** Turns a ticket into a session: every check again, then the console's secret, which leaves the api only here. */
@Injectable()
export class Redeemer {
  private readonly logger = new Logger('Redeemer');

  constructor(
    private readonly config: Config,
    private readonly tickets: TicketsRepository,
    private readonly loginSessions: LoginSessions,
    private readonly rights: SessionRights,
    private readonly sessions: DesktopSessionsRepository,
    private readonly instances: InstancesRepository,
    private readonly secrets: ConsoleSecrets,
  ) {}

  /** Always an answer. The ticket is used up whatever it is. */
  async redeem(request: RedeemRequest): Promise<RedeemAnswer> {
    try {
      const answer = await this.decide(request);
      if (answer.action === 'refuse') this.logger.log(`refused: ${answer.code}`);
      return answer;
    } catch (error) {
      this.logger.error(`redeem failed: ${String(error)}`, error instanceof Error ? error.stack : undefined);
      if (error instanceof CatalogueUnavailable)
        return refuse(STATUS.SERVER_BUSY, 'CATALOGUE_UNAVAILABLE', error.message);
      return refuse(STATUS.SERVER_ERROR, 'INTERNAL', 'Something went wrong on our side.');
    }
  }

  private async decide(request: RedeemRequest): Promise<RedeemAnswer> {
    const holder = await this.tickets.use(request.ticket);
    if (request.origin !== this.config.publicUrl.origin) {
      return refuse(STATUS.CLIENT_FORBIDDEN, 'WRONG_ORIGIN', 'This connection did not come from a page of the portal.');
    }
    const { person, refusal } = await this.loginSessions.resolve(request.cookie);
    if (refusal) {
      const { denied } = refused(refusal);
      return refuse(denied.status, denied.code, denied.message);
    }
    if (!holder || holder.loginSid !== person.loginSid || holder.userId !== person.id) return INVALID;
    const decision = await this.rights.mayOpen(person, holder.instanceId);
    if ('denied' in decision) return refuse(decision.denied.status, decision.denied.code, decision.denied.message);
    return this.open(person, decision.granted, request.bridge);
  }

  private async open(person: Person, { instance, role }: GrantedAccess, bridge: string): Promise<RedeemAnswer> {
    const { consolePort: port, consoleProtocol: protocol } = instance;
    const sealed = await this.instances.sealedSecret(instance.id);
    if (port === null || protocol === null || !sealed) throw new Error(`${instance.id} is READY without a console`);
    const readOnly = !roleMay(role, 'control');
    const session = { instanceId: instance.id, userId: person.id, loginSid: person.loginSid, bridge, readOnly };
    const { id: sessionId, joined } = await this.begin(session);
    const now = new Date();
    await this.instances.note(instance, { lastAccessAt: now, lastBusyAt: now, idleStopAt: null });
    const { requestId } = instance;
    const named = { userName: consoleUserName(person.name), ...(requestId !== null && { requestId }) };
    const common = { sessionId, readOnly, ...named };
    if (joined && readOnly) return { action: 'join', ...common, ...joined };
    const parameters = consoleParameters(protocol, this.secrets.open(instance.id, sealed));
    const target = { protocol, host: CONSOLE_HOST, port, parameters };
    return joined
      ? { action: 'join', ...common, ...joined, console: target }
      : { action: 'connect', ...common, ...target };
  }

  /** Joins what there is; waits a while for what is just being made, rather than making a second one. */
  private async begin(session: NewSession): Promise<{ id: string; joined: SessionOpened | null }> {
    for (const end = Date.now() + WAIT_MS; ;) {
      const patient = Date.now() < end;
      const begun = await this.sessions.begin(session, (found) => {
        if (found === 'opening' && patient) return 'wait';
        return typeof found === 'object' ? found.live : null;
      });
      if (begun) return begun;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
