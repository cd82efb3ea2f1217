import { mailSettings, parseFrom, parseSmtpUrl, readCa, type GivenMailSettings } from './mail-settings';
import { Secret } from './secret';

const FROM = { name: 'Desk', address: 'desk@portal.example' };

describe('the settings of mails', () => {
  const given = (url: string, change: Partial<GivenMailSettings> = {}): GivenMailSettings => ({
    ...{ PUBLIC_URL: new URL('https://portal.example'), SMTP_URL: parseSmtpUrl(url), MAIL_FROM: FROM },
    ...change,
  });
  const settled = (...[settings]: [GivenMailSettings]) => {
    const lines: string[] = [];
    const mail = mailSettings(settings, (line) => lines.push(line));
    return { mail, lines };
  };
  const password = { SMTP_PASSWORD_FILE: new Secret('sesame') };

  it.each<[string, Partial<GivenMailSettings>, object]>([
    ['smtp://mail.example', {}, { host: 'mail.example', port: 587, security: 'starttls', user: null }],
    ['smtp://mail.example', password, { user: null, password: null }],
    ['smtps://desk@mail.example', password, { port: 465, security: 'tls', user: 'desk' }],
    ['smtp://de%40sk@mail.example:25/', password, { port: 25, security: 'starttls', user: 'de@sk' }],
    ['smtp://127.0.0.1:25', {}, { port: 25, security: 'none' }],
    ['smtp://[::1]:25', {}, { host: '::1', security: 'none' }],
    ['smtp://localhost', { SMTP_CA_FILE: 'pem' }, { security: 'starttls', ca: 'pem' }],
  ])('takes %s', (url, change, expected) => {
    const { mail, lines } = settled(given(url, change));
    expect(lines).toEqual([]);
    expect(mail).toMatchObject({ ...expected, from: FROM, publicHost: 'portal.example' });
  });

  it('shows the password to nobody', () => {
    const { mail } = settled(given('smtps://desk@mail.example', password));
    expect(JSON.stringify(mail)).not.toContain('sesame');
    expect(mail?.password?.reveal()).toBe('sesame');
  });

  it.each<[string, GivenMailSettings, string]>([
    ['no sender', { ...given('smtp://mail.example'), MAIL_FROM: undefined }, 'MAIL_FROM: is not set'],
    ['a user without a password', given('smtp://desk@mail.example'), 'SMTP_PASSWORD_FILE: is not set'],
    ['a sender without a server', { ...given('smtp://x'), SMTP_URL: undefined }, 'MAIL_FROM: is of no use'],
  ])('refuses %s', (_what, settings, line) => expect(settled(settings).lines).toEqual([expect.stringContaining(line)]));

  it.each(['mail.example', 'http://mail.example', 'smtp://u:secret@mail.example', 'smtp://mail.example/x', 'smtp://m?a=b', 'smtp://'])(
    'refuses the address %s, and repeats no password',
    (text) => {
      expect(() => parseSmtpUrl(text)).toThrow(/^(is|must) /);
      expect(() => parseSmtpUrl(text)).not.toThrow(/secret/);
    },
  );

  it.each([
    ['desk@portal.example', { name: '', address: 'desk@portal.example' }],
    ['The desk <desk@portal.example>', { name: 'The desk', address: 'desk@portal.example' }],
    ['"Desk, of Lumina" <desk@portal.example>', { name: 'Desk, of Lumina', address: 'desk@portal.example' }],
  ])('sends from %s', (text, from) => expect(parseFrom(text)).toEqual(from));

  it.each(['', 'desk', 'a@b, c@d', 'Desk <a@b> <c@d>', 'Desk\r\nBcc: x <a@b>', '<>'])('does not send from %j', (text) =>
    expect(() => parseFrom(text)).toThrow('must be an address'),
  );

  it('wants authorities that can be read', () => {
    expect(() => readCa('/nowhere/ca.pem')).toThrow('cannot read /nowhere/ca.pem (ENOENT)');
    expect(() => readCa(__filename)).toThrow('holds no certificate');
  });
});
