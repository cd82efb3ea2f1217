import { readFileSync } from 'node:fs';
import { role } from '@beamdesk/contracts';
import { Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, EntityManager } from 'typeorm';
import { parse } from 'yaml';
import { z } from 'zod';
import { Authorisations } from '../authorisation/authorisations';
import { Config, SHORT_FORM_ID } from '../config';
import { AuthorisationEntity } from './entities/authorisation.entity';
import { CatalogueAccountEntity } from './entities/catalogue-account.entity';
import { Accounts } from './sign-in/accounts';

/** What this side reads of config/demo/people.yaml; the demo provider reads the same file. */
const peopleFile = z.object({
  people: z.array(
    z.looseObject({
      id: z.string(),
      subject: z.string(),
      name: z.string(),
      email: z.string(),
      roles: z.array(role),
      catalogues: z.record(z.string(), z.object({ account: z.string(), groups: z.array(z.string()).default([]) })).default({}),
    }),
  ),
});

type DemoPerson = z.infer<typeof peopleFile>['people'][number];

const BY = 'demo';
const SOURCE = 'decision' as const;

/** With DEMO=true the authorisation database is filled from people.yaml; again at every start, with the same result. */
@Injectable()
export class DemoPeople implements OnApplicationBootstrap {
  constructor(
    private readonly config: Config,
    private readonly dataSource: DataSource,
    private readonly accounts: Accounts,
    private readonly authorisations: Authorisations,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.demo) return;
    const { people } = peopleFile.parse(parse(readFileSync(this.config.demoPeopleFile, 'utf8')));
    for (const person of people) await this.seed(person);
  }

  private async seed(person: DemoPerson): Promise<void> {
    const issuer = this.config.identityProviders.find(({ id }) => id === SHORT_FORM_ID)?.issuer;
    if (issuer === undefined) throw new Error('the demo runs without its provider');
    const userId = await this.accounts.known({ ...person, issuer });
    await this.dataSource.transaction(async (manager) => {
      await this.authorise(manager, userId, person.roles);
      for (const [catalogue, { account, groups }] of Object.entries(person.catalogues)) {
        const link = { userId, catalogue, name: account, groups, linkedBy: BY };
        await manager.upsert(CatalogueAccountEntity, link, ['userId', 'catalogue']);
      }
    });
  }

  /** Roles that the file no longer names end; those somebody else granted, or took back, stay as they are. */
  private async authorise(manager: EntityManager, userId: string, roles: DemoPerson['roles']): Promise<void> {
    const held = await manager.findBy(AuthorisationEntity, { userId, source: SOURCE });
    for (const { role: one, grantedBy } of held) {
      if (grantedBy === BY && !roles.includes(one)) {
        await this.authorisations.end(manager, { userId, role: one, source: SOURCE }, null, 'no role of the demo any longer');
      }
    }
    for (const one of roles) {
      const row = held.find(({ role: other }) => other === one);
      const ended = row?.grantedBy === BY && row.takenBackBy === null && row.expiresAt !== null;
      if (row && !ended) continue;
      const grant = { userId, role: one, source: SOURCE, actorId: null, by: BY, beamlines: null, until: null };
      await this.authorisations.grant(manager, { ...grant, reason: 'demo identity' });
    }
  }
}
