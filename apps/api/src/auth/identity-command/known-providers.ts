import { describedProviders, loadDirectories, type ProviderDescription, shortForm } from '../../config';
import { pathOf, type Terminal } from './terminal';

/** The OpenID Connect providers of the settings; `file` in place of IDENTITY_PROVIDERS_FILE. */
export function redirectProviders(file: string | undefined, terminal: Terminal): ProviderDescription[] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_LABEL: label, IDENTITY_PROVIDERS_FILE } = terminal.env;
  const named = file || IDENTITY_PROVIDERS_FILE;
  const short = issuer ? [shortForm({ issuer, clientId: clientId || '', label: label || 'UmbrellaID' })] : [];
  return [...short, ...(named ? describedProviders(pathOf(terminal, named)) : [])];
}

/** Those and the directories, by id; nothing that they need to be asked is looked at. */
export function knownProviders(file: string | undefined, terminal: Terminal): { id: string; issuer: string }[] {
  const named = file || terminal.env['IDENTITY_PROVIDERS_FILE'];
  const directories = named ? loadDirectories(pathOf(terminal, named), '') : [];
  return [...redirectProviders(file, terminal), ...directories].map(({ id, issuer }) => ({ id, issuer }));
}
