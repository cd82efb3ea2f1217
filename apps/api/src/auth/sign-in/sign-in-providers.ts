import type { SignInProvider } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config';
import { LOCAL_ISSUER, LOCAL_PROVIDER } from '../local-accounts/local-accounts';

type Known = SignInProvider & { issuer: string };

/** Every way in that the site has set up, whoever vouches: providers, directories, accounts of ours. */
@Injectable()
export class SignInProviders {
  constructor(private readonly config: Config) {}

  list(): SignInProvider[] {
    return this.known().map(({ id, label, kind }) => ({ id, label, kind }));
  }

  /** The one whose identities have this issuer; null: none that is set up. */
  of(issuer: string): SignInProvider | null {
    return this.known().find((one) => one.issuer === issuer) ?? null;
  }

  private known(): Known[] {
    const { identityProviders, directories, localAccounts } = this.config;
    const local = localAccounts ? [{ id: LOCAL_PROVIDER, label: localAccounts.label, issuer: LOCAL_ISSUER }] : [];
    return [
      ...identityProviders.map(({ id, label, issuer }) => ({ id, label, issuer, kind: 'redirect' as const })),
      ...[...directories, ...local].map(({ id, label, issuer }) => ({ id, label, issuer, kind: 'password' as const })),
    ];
  }
}
