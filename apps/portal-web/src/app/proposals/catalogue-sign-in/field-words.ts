const KNOWN: Readonly<Record<string, string>> = { username: 'User name', password: 'Password', token: 'Token' };

/** What a field of an authenticator is called on the page: its own name where we have no better word. */
export function fieldLabel(name: string): string {
  return KNOWN[name] ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** So that a password manager fills in the account of the catalogue. */
export function autocompleteOf({ name, hidden }: { name: string; hidden: boolean }): string {
  if (name === 'username') return 'username';
  return hidden && name === 'password' ? 'current-password' : 'off';
}
