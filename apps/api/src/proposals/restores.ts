import { Catalogue, RestoreRefused, type RestoreRequest } from '@beamdesk/catalogue';
import type { RestoreOrder, RestoreView } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { FollowedRestores, isOver } from './followed-restores';
import { ProposalAccess } from './proposal-access';

/** Datasets brought back from the archive because a member asked for it; the catalogue keeps the record. */
@Injectable()
export class Restores {
  private readonly log = new Logger('Restores');

  constructor(
    private readonly catalogue: Catalogue,
    private readonly access: ProposalAccess,
    private readonly followed: FollowedRestores,
  ) {}

  /** @throws ApiError 404: proposal or dataset unknown or not theirs; 409: the archive can't or won't */
  async request(person: Person, key: string, { datasets }: RestoreOrder): Promise<RestoreView> {
    const { account } = await this.access.requireMember(person, key);
    try {
      const request = await this.catalogue.restore(account, key, datasets);
      if (!isOver(request.state)) await this.followed.add(person.id, key, request);
      this.log.log(`${person.id} asked for ${request.datasetIds.length} datasets of ${key}: ${request.state}`);
      return restoreView(request);
    } catch (error) {
      throw error instanceof RestoreRefused ? refusal(error) : error;
    }
  }

  async find(person: Person, key: string, id: string): Promise<RestoreView> {
    const { account } = await this.access.requireMember(person, key);
    const request = await this.catalogue.restoreStatus(account, key, id);
    if (!request) throw notFound();
    return restoreView(request);
  }
}

function restoreView({ id, datasetIds, state }: RestoreRequest): RestoreView {
  return { id, datasets: [...datasetIds], state };
}

function refusal({ reason, message, detail }: RestoreRefused): ApiError {
  if (reason === 'not-found') return notFound(undefined, detail);
  const code = `RESTORE_${reason.toUpperCase().replaceAll('-', '_')}`;
  return new ApiError(reason === 'wrong-number' ? 400 : 409, code, message, undefined, detail);
}
