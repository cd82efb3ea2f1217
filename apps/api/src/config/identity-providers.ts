import { type OidcSettings, SHORT_FORM_ID, shortForm } from './identity-provider';
import { isSafeIssuer, type LoadedProviders } from './identity-providers-file';
import { Secret } from './secret';

/** The settings of one provider, and the providers of the file. */
export interface ProviderSettings {
  OIDC_ISSUER?: string | undefined;
  OIDC_CLIENT_ID?: string | undefined;
  OIDC_CLIENT_SECRET_FILE?: Secret | undefined;
  OIDC_LABEL: string;
  IDENTITY_PROVIDERS_FILE?: LoadedProviders | undefined;
}

/** What is missing for people to sign in at all: one line per setting. */
export function missingProvider(given: Record<string, string>): string[] {
  if (given['OIDC_ISSUER'] === undefined) {
    const other = given['IDENTITY_PROVIDERS_FILE'] !== undefined || given['LOCAL_ACCOUNTS'] === 'on';
    if (other) return given['DEMO'] === 'true' ? ['DEMO: needs OIDC_ISSUER, which names the demo’s provider'] : [];
    return ['OIDC_ISSUER: is not set, and neither is IDENTITY_PROVIDERS_FILE nor LOCAL_ACCOUNTS'];
  }
  return ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET_FILE']
    .filter((name) => given[name] === undefined)
    .map((name) => `${name}: is not set`);
}

/** The OpenID Connect provider of the settings first, then those of the file; faults between them are told to `problem`. */
export function allProviders(settings: ProviderSettings, problem: (line: string) => void): OidcSettings[] {
  const { oidc: listed, directories } = settings.IDENTITY_PROVIDERS_FILE ?? { oidc: [], directories: [] };
  const {
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET_FILE: clientSecret,
    OIDC_LABEL: label,
  } = settings;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return listed;
  if (!isSafeIssuer(issuer)) problem('OIDC_ISSUER: must be https:// unless it names a loopback host');
  const twice = 'is also that of OIDC_ISSUER: leave one of them out';
  if ([...listed, ...directories].some((one) => one.id === SHORT_FORM_ID))
    problem(`IDENTITY_PROVIDERS_FILE: the id ${SHORT_FORM_ID} ${twice}`);
  if (listed.some((one) => one.issuer === issuer)) problem(`IDENTITY_PROVIDERS_FILE: the issuer ${issuer} ${twice}`);
  return [{ ...shortForm({ issuer, clientId, label }), clientSecret }, ...listed];
}
