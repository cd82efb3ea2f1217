import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeProvider } from '../identities/fake-provider';

/** An identity provider of the file, beside the one of the settings. */
export interface SecondProvider {
  provider: FakeProvider;
  /** Settings that name it. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Id of it; it comes back by `/api/auth/callback/<id>`. */
export const SECOND = 'keycloak';

/** @param portal origin of the portal it sends back to */
export async function startSecondProvider(portal: string): Promise<SecondProvider> {
  const provider = await FakeProvider.start(portal, 'e'.repeat(64), { callback: `/api/auth/callback/${SECOND}` });
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-providers-'));
  const file = join(folder, 'providers.yaml');
  writeFileSync(join(folder, 'client.secret'), 'e'.repeat(64));
  const given = { id: SECOND, label: 'Site account', issuer: provider.issuer, clientId: 'beamdesk' };
  writeFileSync(file, JSON.stringify({ providers: [{ ...given, clientSecretFile: 'client.secret' }] }));
  return {
    provider,
    env: { IDENTITY_PROVIDERS_FILE: file },
    stop: async () => {
      await provider.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
