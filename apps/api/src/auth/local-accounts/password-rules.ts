/** Characters; longer ones are welcome, and no mixture of signs is asked for (NIST SP 800-63B, 3.1.1.2). */
export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 256;

const NAME = /^[a-z][a-z0-9._-]{1,31}$/;

/** @returns how the account is named, null where that can be no account's name */
export function accountName(text: string): string | null {
  const name = text.trim().toLowerCase();
  return NAME.test(name) ? name : null;
}

export const NAME_RULE = 'a name is 2 to 32 of a-z 0-9 . _ - and begins with a letter';

/** @returns what is wrong with a new password, as a sentence; null: nothing */
export function passwordFault(password: string, name: string): string | null {
  const letters = [...password.normalize('NFC')];
  if (letters.length < PASSWORD_MIN) return `The password must have at least ${PASSWORD_MIN} characters.`;
  if (letters.length > PASSWORD_MAX) return `The password must have at most ${PASSWORD_MAX} characters.`;
  if (new Set(letters).size < 5) return 'The password repeats too few different characters.';
  if (password.toLowerCase().includes(name)) return 'The password must not hold the name of the account.';
  return null;
}
