export const HELP = `npm run identity -- COMMAND [options]

  map       shows whom the claims of a token make somebody; asks nobody and changes nothing

map
  --token-file FILE  a token (JWT), the answer of a token endpoint, or claims as JSON; - reads standard input
  --claims JSON      the claims themselves
  --provider ID      whose mapping counts; without it the provider that the token's "iss" names
  --file FILE        the identity providers; IDENTITY_PROVIDERS_FILE without it. The provider of OIDC_ISSUER counts as well

Ends with 0 when that person could sign in, 1 when not, 2 when the command itself is wrong.
`;

/** The command can't be understood. */
export class UsageError extends Error {}
