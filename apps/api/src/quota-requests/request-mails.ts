import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Mail } from '../mail/mail';
import type { QuotaRequestEntity } from './quota-request.entity';
import { amountsWords, momentWords } from './request-words';

/** What was said to a request, to the mailbox of whoever asked. */
@Injectable()
export class RequestMails {
  constructor(private readonly mail: Mail) {}

  async granted(manager: EntityManager, row: QuotaRequestEntity, outcome: Granted): Promise<void> {
    const { partly, until: end, text } = outcome;
    const [to, answer, until] = [{ userId: row.userId }, text ?? '', momentWords(end)];
    if (row.kind === 'LIFE') {
      const [proposal, wanted] = [row.proposalName ?? '', momentWords(row.wantedUntil)];
      if (partly) await this.mail.queue(manager, 'life-partly-granted', to, { proposal, wanted, until, answer });
      else await this.mail.queue(manager, 'life-granted', to, { proposal, until, answer });
      return;
    }
    const [subject, granted] = [subjectWords(row), amountsWords(outcome.amounts ?? {})];
    if (!partly) return void (await this.mail.queue(manager, 'quota-granted', to, { subject, granted, until, answer }));
    const wanted = `${amountsWords(row.wanted ?? {})}, until ${momentWords(row.wantedUntil)}`;
    await this.mail.queue(manager, 'quota-partly-granted', to, { subject, wanted, granted, until, answer });
  }

  async refused(manager: EntityManager, row: QuotaRequestEntity, answer: string): Promise<void> {
    const to = { userId: row.userId };
    if (row.kind === 'LIFE') {
      const [proposal, wanted] = [row.proposalName ?? '', momentWords(row.wantedUntil)];
      await this.mail.queue(manager, 'life-refused', to, { proposal, wanted, answer });
      return;
    }
    const wanted = amountsWords(row.wanted ?? {});
    await this.mail.queue(manager, 'quota-refused', to, { subject: subjectWords(row), wanted, answer });
  }
}

/** What was granted, in full or in part. */
export interface Granted {
  partly: boolean;
  /** Of QUOTA. */
  amounts: QuotaRequestEntity['granted'];
  until: Date;
  text: string | null;
}

function subjectWords({ proposalName }: QuotaRequestEntity): string {
  return proposalName === null ? 'more of your own quota' : `more quota for proposal ${proposalName}`;
}
