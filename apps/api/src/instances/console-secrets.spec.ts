import { randomBytes } from 'node:crypto';
import { ConsoleSecrets } from './console-secrets';

describe('ConsoleSecrets', () => {
  const secrets = new ConsoleSecrets(randomBytes(32));
  const id = '0b7d3a52-3a2b-4c39-9a43-2d6f6f5b1c11';

  it('opens what it sealed, and never seals the same way twice', () => {
    const sealed = secrets.seal(id, 'pässword');
    expect(secrets.open(id, sealed)).toBe('pässword');
    expect(sealed.equals(secrets.seal(id, 'pässword'))).toBe(false);
    expect(sealed.includes('ssword')).toBe(false);
  });

  it('refuses a secret of another instance, of another key, or changed in any byte', () => {
    const sealed = secrets.seal(id, 'secret');
    expect(() => secrets.open(id.replace('0b', '0c'), sealed)).toThrow();
    expect(() => new ConsoleSecrets(randomBytes(32)).open(id, sealed)).toThrow();
    for (let i = 0; i < sealed.length; i++) {
      const changed = Buffer.from(sealed);
      changed[i] ^= 1;
      expect(() => secrets.open(id, changed)).toThrow();
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => secrets.open(id, sealed.subarray(0, length))).toThrow();
    }
  });

  it('makes a new password every time, as long as the protocol counts', () => {
    const made = new Set(Array.from({ length: 200 }, () => secrets.newPassword('vnc')));
    expect(made.size).toBe(200);
    for (const password of made) expect(password).toMatch(/^[A-Za-z2-9]{8}$/);
    expect(secrets.newPassword('rdp')).toHaveLength(24);
  });

  it('refuses a key of another length', () => {
    expect(() => new ConsoleSecrets(randomBytes(16))).toThrow('32 bytes');
  });
});
