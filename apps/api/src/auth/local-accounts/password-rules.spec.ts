import { accountName, passwordFault } from './password-rules';

describe('password rules', () => {
  it.each([
    [' Grace ', 'grace'],
    ['g.hopper-2', 'g.hopper-2'],
    ['', null],
    ['g', null],
    ['2grace', null],
    ['grace hopper', null],
    ['grace@test.example', null],
    ['x'.repeat(33), null],
  ])('take %j as the name %j', (text, name) => expect(accountName(text)).toBe(name));

  it.each([
    ['eleven char', 'at least 12'],
    ['x'.repeat(257), 'at most 256'],
    ['aaaaaaaaaaaabbbb', 'too few different'],
    ['my name is Grace', 'name of the account'],
  ])('refuse %j', (password, why) => expect(passwordFault(password, 'grace')).toContain(why));

  it.each(['twelve chars', 'correct horse battery staple', 'ä ö ü ß é è ê'])('take %j', (password) =>
    expect(passwordFault(password, 'grace')).toBeNull(),
  );
});
