import { safeReturnTo } from './return-to';

describe('safeReturnTo', () => {
  it.each(['/', '/proposals', '/proposals/demo:lumina:1?tab=data#top', '/desktop-help'])('keeps %s', (path) =>
    expect(safeReturnTo(path)).toBe(path),
  );

  it.each([
    undefined, '', 'proposals', 'https://evil.example', '//evil.example', '///evil.example', '/\\evil.example', '\\\\evil', '/\t/evil.example',
    '/\n/evil.example', ' /x', '/ü', '/..//evil.example', '/./\\evil.example', '/x/..//evil.example', 'javascript:alert(1)', '/api/auth/sign-in',
    '/oidc/session/end', '/desktop', ['/a'], `/${'a'.repeat(3000)}`,
  ])('turns %j into /', (value) => expect(safeReturnTo(value)).toBe('/'));
});
