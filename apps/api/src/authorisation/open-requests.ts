import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Audit } from '../audit/audit';

/** Requests that nobody has to decide any longer. */
@Injectable()
export class OpenRequests {
  constructor(private readonly audit: Audit) {}

  /** Granted by the portal itself, because the person is let in by something else. None open: no effect. */
  async close(manager: EntityManager, userId: string, answer: string): Promise<void> {
    const [closed]: [{ id: string }[], number] = await manager.query(
      `UPDATE authorisation_request SET state = 'granted', decided_at = now(), answer = $2
       WHERE user_id = $1 AND state = 'open' RETURNING id`,
      [userId, answer],
    );
    for (const { id } of closed) {
      const details = { request: id };
      await this.audit.write(manager, { kind: 'request-granted', actorId: null, subjectId: userId, details });
    }
  }
}
