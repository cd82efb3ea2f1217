import type { DataSource } from 'typeorm';
import { LOCAL_ISSUER, LOCAL_PROVIDER } from '../local-accounts/local-accounts';
import { knownProviders } from './known-providers';
import type { Terminal } from './terminal';
import { UsageError } from './usage';

/**
 * The issuer of a provider's identities: by the settings, or, where these do not name it, by who has signed in there.
 * @throws UsageError where neither knows it
 */
export async function issuerOf(
  dataSource: DataSource,
  provider: string,
  file: string | undefined,
  terminal: Terminal,
): Promise<string> {
  if (provider === LOCAL_PROVIDER) return LOCAL_ISSUER;
  const known = knownProviders(file, terminal);
  const found = known.find(({ id }) => id === provider)?.issuer;
  if (found !== undefined) return found;
  const used = await dataSource.query<{ issuer: string }[]>(
    'SELECT DISTINCT issuer FROM identity WHERE provider = $1',
    [provider],
  );
  if (used[0] && used.length === 1) return used[0].issuer;
  const names = known.map(({ id }) => id).join(', ') || 'none';
  throw new UsageError(`there is no provider '${provider}' (the settings name: ${names}): give --issuer URL`);
}
