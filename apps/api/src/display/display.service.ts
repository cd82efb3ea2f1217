import { randomUUID } from 'node:crypto';
import type { DisplayRequest } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Person } from '../auth/person';
import { ChangeFeed } from '../events/change-feed';
import { ApiError, notFound } from '../http/api-error';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { InstanceAccess } from '../instances/instance-access';
import { SessionRights } from '../sessions/session-rights';
import { type DisplayAnswer, readAnswer, sendWish } from './display-channel';

/** How long a page waits to hear that its wish cannot be had; after that the picture itself has to tell. */
const ANSWER_MS = 3_000;

const BY_SESSION = 'The size of this desktop goes with its connection; it is not set apart from it.';
const FIXED = 'This desktop cannot change the size of its screen. Its picture is fitted into your window instead.';
const NOT_NOW = 'The desktop does not answer at the moment, so its screen keeps its size.';

/** Has a guest's screen take the size that a page asks for. */
@Injectable()
export class DisplayService {
  private readonly asked = new Map<string, (answer: DisplayAnswer) => void>();

  constructor(
    private readonly access: InstanceAccess,
    private readonly rights: SessionRights,
    private readonly dataSource: DataSource,
    feed: ChangeFeed,
  ) {
    feed.onDisplayAnswer((payload) => {
      const answer = readAnswer(payload);
      if (answer) this.asked.get(answer.request)?.(answer);
    });
  }

  /**
   * Returns when the screen has the size, or when that takes longer than a page should wait.
   * @throws ApiError 404 not a member (any more), 403 NOT_ALLOWED, 409 NOT_READY, 409 DISPLAY_FIXED: the guest cannot
   */
  async set(person: Person, instanceId: string, size: DisplayRequest): Promise<void> {
    const { instance } = await this.access.require(person.id, instanceId, 'control');
    const { loginSid, id: userId } = person;
    // The right of a session that began just now: which of the person's connections asks is not known here.
    const decision = await this.rights.mayGoOn({ loginSid, userId, instanceId, openedAt: new Date() });
    if ('denied' in decision && decision.denied.code !== 'STOPPED') {
      throw notFound(undefined, `display of ${instanceId} refused: ${decision.denied.code}`);
    }
    if ('denied' in decision || instance.state !== 'READY') throw new ApiError(409, 'NOT_READY', NOT_NOW);
    if (instance.consoleProtocol !== 'vnc') throw new ApiError(409, 'DISPLAY_FIXED', BY_SESSION);
    const outcome = await this.ask(instance, size);
    if (outcome === 'fixed') throw new ApiError(409, 'DISPLAY_FIXED', FIXED);
    if (outcome === 'failed') throw new ApiError(409, 'NOT_READY', NOT_NOW);
  }

  private async ask({ id, hostId }: InstanceEntity, size: DisplayRequest): Promise<DisplayAnswer['outcome'] | null> {
    if (hostId === null) return null;
    const request = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const answered = new Promise<DisplayAnswer['outcome'] | null>((resolve) => {
      this.asked.set(request, ({ outcome }) => resolve(outcome));
      timer = setTimeout(() => resolve(null), ANSWER_MS);
    });
    try {
      await sendWish(this.dataSource, { request, hostId, instanceId: id, size });
      return await answered;
    } finally {
      clearTimeout(timer);
      this.asked.delete(request);
    }
  }
}
