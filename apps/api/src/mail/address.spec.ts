import { isAddress } from './address';

describe('isAddress', () => {
  it.each(['ada@example.org', "o'brien+x@sub.example.org", 'zoë@exämple.org'])('takes %p', (text) =>
    expect(isAddress(text)).toBe(true),
  );

  it.each([
    '',
    'ada',
    '@example.org',
    'ada@',
    'a@b@c',
    'ada@example.org, eve@evil.example',
    'ada@example.org\r\nBcc: eve@evil.example',
    'Ada <ada@example.org>',
    '"a b"@example.org',
    'ada(eve)@example.org',
    'group:ada@example.org;',
    `${'a'.repeat(65)}@example.org`,
    `a@${'b'.repeat(330)}`,
  ])('refuses %p', (text) => expect(isAddress(text)).toBe(false));
});
