import type { AccountView, CatalogueAccountView, SignInWay } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CatalogueLinks, type RuledAccounts } from '../../adapters/catalogues/catalogue-links';
import { CatalogueAccountEntity } from '../entities/catalogue-account.entity';
import { IdentityEntity } from '../entities/identity.entity';
import { SignInProviders } from '../sign-in/sign-in-providers';
import { recentUntil } from './recent-proof';

/** What the present login session is known by. */
export interface PresentLogin {
  identityId?: string | undefined;
  provider?: string | undefined;
  /** Ms since 1970; null: long ago perhaps. */
  provenAt?: number | null | undefined;
}

/** Reads how a person signs in and how the catalogues know them. */
@Injectable()
export class OwnAccount {
  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: SignInProviders,
    private readonly links: CatalogueLinks,
  ) {}

  async view(userId: string, login: PresentLogin): Promise<AccountView> {
    const { manager } = this.dataSource;
    const [identities, accounts, ruled] = await Promise.all([
      manager.find(IdentityEntity, { where: { userId }, order: { linkedAt: 'ASC', id: 'ASC' } }),
      manager.find(CatalogueAccountEntity, { where: { userId }, order: { catalogue: 'ASC' } }),
      this.links.ruled(userId),
    ]);
    return {
      ways: identities.map((identity) => this.wayOf(identity, login)),
      catalogues: accounts.map((account) => catalogueOf(account, ruled)),
      providers: this.providers.list(),
      changesUntil: recentUntil(login.provenAt)?.toISOString() ?? null,
    };
  }

  private wayOf(identity: IdentityEntity, login: PresentLogin): SignInWay {
    const { id, issuer, subject, name, groups, linkedBy, linkedAt, lastUsedAt } = identity;
    const provider = this.providers.of(issuer);
    return {
      ...{ id, subject, name, groups, linkedBy },
      provider: provider?.id ?? null,
      label: provider?.label ?? issuer,
      kind: provider?.kind ?? 'redirect',
      since: linkedAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
      present: isPresent(identity, login),
    };
  }
}

/** Sessions from before identities were noted in them name their provider alone. */
export function isPresent({ id, provider }: Pick<IdentityEntity, 'id' | 'provider'>, login: PresentLogin): boolean {
  return login.identityId === undefined ? provider === login.provider : login.identityId === id;
}

function catalogueOf(account: CatalogueAccountEntity, ruled: RuledAccounts[]): CatalogueAccountView {
  const { catalogue, name, groups, linkedBy, linkedAt, identityId } = account;
  const others = ruled.find((one) => one.catalogue === catalogue)?.accounts ?? [];
  const unused = others.filter((other) => other.identityId !== identityId && other.account.name !== name);
  return {
    ...{ catalogue, name, groups, linkedBy },
    wayId: identityId,
    since: linkedAt.toISOString(),
    unused: unused.map((other) => ({ name: other.account.name, wayId: other.identityId })),
  };
}
