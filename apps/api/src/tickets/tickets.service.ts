import type { TicketView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { InstanceAccess } from '../instances/instance-access';
import { SessionRights } from '../sessions/session-rights';
import { TicketsRepository } from './tickets.repository';

/** Where the page opens its websocket. */
const DESKTOP_PATH = '/desktop';

/** Gives out tickets, after every check that the redeem makes again. */
@Injectable()
export class TicketsService {
  constructor(
    private readonly access: InstanceAccess,
    private readonly rights: SessionRights,
    private readonly tickets: TicketsRepository,
  ) {}

  /** @throws ApiError 404 not a member (any more), 409 NOT_READY; CatalogueUnavailable */
  async issue(person: Person, instanceId: string): Promise<TicketView> {
    await this.access.require(person.id, instanceId, 'connect');
    const decision = await this.rights.mayOpen(person, instanceId);
    if ('denied' in decision) {
      if (decision.denied.code === 'NOT_READY') {
        throw new ApiError(409, 'NOT_READY', 'The desktop is not ready yet. The page opens it as soon as it is.');
      }
      throw notFound(undefined, `ticket for ${instanceId} refused: ${decision.denied.code}`);
    }
    const { consoleProtocol: protocol } = decision.granted.instance;
    if (protocol === null) throw new Error(`${instanceId} is READY without a console`);
    const { ticket, expiresAt } = await this.tickets.issue({
      loginSid: person.loginSid,
      userId: person.id,
      instanceId,
    });
    return { ticket, expiresAt: expiresAt.toISOString(), path: DESKTOP_PATH, protocol };
  }
}
