export const HELP = `npm run identity -- COMMAND [options]

  map       shows whom the claims of a token, or an account of a directory, make somebody; changes nothing
  check     asks the LDAP directories whether they can be used as the settings say
  link      makes a login one more way to sign in of a person, unlink takes it from them, show tells who has which;
            in the database of DATABASE_URL and DATABASE_PASSWORD_FILE
  account   makes, disables and mends local accounts, in that database too

map
  --token-file FILE  a token (JWT), the answer of a token endpoint, or claims as JSON; - reads standard input
  --claims JSON      the claims themselves
  --provider ID      whose mapping counts; without it the provider that the token's "iss" names
  --file FILE        the identity providers; IDENTITY_PROVIDERS_FILE without it. The provider of OIDC_ISSUER counts as well

map --directory ID --account NAME   as the directory's reader sees that account; no password is needed
  --file FILE        as above

check
  --directory ID     only this one
  --file FILE        as above

link --person ID --provider ID --subject SUB     the next sign-in of that login is this person
unlink --provider ID --subject SUB               it is nobody's; ends what is open with it
  --even-the-last    leaves the person no way to sign in
show --search TEXT | --person ID | --provider ID --subject SUB
  --issuer URL       in place of --provider, for all three; of local accounts --provider is local
  --file FILE        as above

account
  create NAME --name TEXT [--mail ADDRESS]   a one-time password is read from standard input, good for 7 days
  reset NAME                                 another one-time password, from standard input; ends open sessions, lifts a lock
  disable NAME, enable NAME                  disabling ends open sessions; accounts are never removed
  unlock NAME                                forgets failed tries
  list

Ends with 0 when it is done (map: that person could sign in; check: all is well), 1 when not, 2 when the command itself is wrong.
`;

/** The command can't be understood. */
export class UsageError extends Error {}
