import { Catalogue, type CatalogueAccount, CatalogueUnavailable } from '@beamdesk/catalogue';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuthorisationEntity } from '../auth/entities/authorisation.entity';
import { CatalogueAccountEntity } from '../auth/entities/catalogue-account.entity';
import { Site } from '../site/site';
import { Authorisations } from './authorisations';
import { OpenRequests } from './open-requests';

const DAY_MS = 86_400_000;
/** A sign-in waits no longer than this for catalogues; what they say later still counts. */
const PATIENCE_MS = 3_000;
const GRANT = { role: 'USER', source: 'catalogue' } as const;

/** Who has a proposal in a catalogue is let in as USER without asking, for a while, and from then on by each sign-in. */
@Injectable()
export class CatalogueAuthorisation {
  private readonly logger = new Logger('CatalogueAuthorisation');

  constructor(
    private readonly dataSource: DataSource,
    private readonly catalogue: Catalogue,
    private readonly site: Site,
    private readonly authorisations: Authorisations,
    private readonly requests: OpenRequests,
  ) {}

  /** At a sign-in, or because the person asks to look again. Never throws: who can't be asked says neither yes nor no. */
  async settle(userId: string, patienceMs = PATIENCE_MS): Promise<void> {
    const work = this.ask(userId).catch((error: unknown) =>
      this.logger.error(`whether catalogues know ${userId}: ${String(error)}`),
    );
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([work, new Promise((late) => (timer = setTimeout(late, patienceMs).unref()))]);
    clearTimeout(timer);
  }

  private async ask(userId: string): Promise<void> {
    const rows = await this.dataSource.manager.findBy(CatalogueAccountEntity, { userId });
    const accounts = rows.filter(({ catalogue }) => this.catalogue.has(catalogue));
    const answers = await Promise.all(accounts.map((account) => this.knows(account)));
    const known = answers.indexOf('yes');
    if (known < 0 && answers.includes('unknown')) return;
    await this.dataSource.transaction(async (manager) => {
      // Two sign-ins at once come one after the other.
      await manager.query('SELECT FROM user_account WHERE id = $1 FOR NO KEY UPDATE', [userId]);
      const account = accounts[known];
      if (account) await this.letIn(manager, userId, account.catalogue);
      else await this.authorisations.end(manager, { userId, ...GRANT }, null, 'No catalogue knows a proposal of this account any longer.');
    });
  }

  private async knows({ catalogue, name, groups }: CatalogueAccount): Promise<'yes' | 'no' | 'unknown'> {
    try {
      const page = await this.catalogue.search(
        { catalogue, name, groups },
        { text: '', sort: 'recent', offset: 0, limit: 1 },
      );
      return page.total > 0 ? 'yes' : 'no';
    } catch (error) {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      this.logger.warn(`'${catalogue}' cannot be asked who it knows: ${error.reason}: ${error.detail}`);
      return 'unknown';
    }
  }

  /** What counts already is moved on without a word; what a person took back stays so; anything else is a grant. */
  private async letIn(manager: EntityManager, userId: string, catalogue: string): Promise<void> {
    const until = new Date(Date.now() + this.site.authorisation.catalogueDays * DAY_MS);
    const held = await manager.findOneBy(AuthorisationEntity, { userId, ...GRANT });
    if (held?.takenBackBy) return;
    if (held?.expiresAt && held.expiresAt.getTime() > Date.now()) {
      await manager.update(AuthorisationEntity, held.id, { expiresAt: until });
      return;
    }
    const reason = `has proposals in the catalogue '${catalogue}'`;
    await this.authorisations.grant(manager, { userId, ...GRANT, actorId: null, reason, beamlines: null, until });
    await this.requests.close(manager, userId, 'The catalogue knows this account now.');
  }
}
