import { hashPassword, isOutdated, isPassword, NOBODYS_HASH } from './password-hash';

describe('password hashes', () => {
  it('are PHC strings of Argon2id, each with a salt of its own', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(two).not.toBe(one);
    expect(isOutdated(one)).toBe(false);
    expect(await isPassword(one, 'correct horse')).toBe(true);
    expect(await isPassword(one, 'correct horse ')).toBe(false);
  });

  it('take letters as the same however they are put together', async () => {
    expect(await isPassword(await hashPassword('Zürich 1234567'), 'Zu\u0308rich 1234567')).toBe(true);
  });

  it('read what other programs wrote, at whatever cost, and say that it is outdated', async () => {
    // From the tests of the reference implementation (P-H-C/phc-winner-argon2).
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await isPassword(stored, 'password')).toBe(true);
    expect(await isPassword(stored, 'Password')).toBe(false);
    expect(isOutdated(stored)).toBe(true);
  });

  it('is nobody’s for who is not known', async () => expect(await isPassword(NOBODYS_HASH, '')).toBe(false));

  it.each([
    '',
    'hunter2',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2i$v=19$m=16,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA',
  ])('refuses to compare with %j, and does not repeat it', async (stored) => {
    const failure = await isPassword(stored, 'x').catch((error: unknown) => String(error));
    expect(failure).toBe('Error: a stored password is no PHC string of Argon2id');
  });
});
