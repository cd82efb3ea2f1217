import { argon2Sync } from 'node:crypto';
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
    const salt = Buffer.from('somesaltsomesalt');
    const hash = argon2Sync('argon2id', {
      message: 'password',
      nonce: salt,
      parallelism: 4,
      tagLength: 32,
      memory: 256,
      passes: 2,
    });
    const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
    const stored = `$argon2id$v=19$m=256,t=2,p=4$${text(salt)}$${text(hash)}`;
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
