import { USUAL_PLACES, crumbsOf, folderWords, freeName, join, nameProblem, placeOf, shownName } from './file-paths';

describe('paths in the desktop', () => {
  it('lead from a place down, in words as well', () => {
    expect(crumbsOf('/home/user/a b/ü', USUAL_PLACES)).toEqual([
      { name: 'Home', path: '/home/user' },
      { name: 'a b', path: '/home/user/a b' },
      { name: 'ü', path: '/home/user/a b/ü' },
    ]);
    expect(folderWords('/scratch/results', USUAL_PLACES)).toBe('Scratch › results');
    expect(join('/scratch', 'a', 'b.txt')).toBe('/scratch/a/b.txt');
  });

  it('are in no place that only begins alike', () => {
    expect(placeOf('/scratch', USUAL_PLACES)?.name).toBe('Scratch');
    expect(placeOf('/scratchy/a', USUAL_PLACES)).toBeUndefined();
  });
});

describe('nameProblem', () => {
  it.each(['photo.jpg', 'Messung äöü', '🧪.tif', '...', 'x'.repeat(255), '🧪'.repeat(63)])('takes %s', (name) =>
    expect(nameProblem(name)).toBeNull(),
  );
  it.each(['', '.', '..', 'a/b', 'a\0b', 'a\ud83e', 'x'.repeat(256), '🧪'.repeat(64)])('does not take %j', (name) =>
    expect(nameProblem(name)).toMatch(/\.$/),
  );
});

describe('freeName', () => {
  it.each([
    ['photo.jpg', [], 'photo (2).jpg'],
    ['photo.jpg', ['photo (2).jpg', 'photo (3).jpg'], 'photo (4).jpg'],
    ['.profile', [], '.profile (2)'],
    ['README', [], 'README (2)'],
  ])('of %s', (name, taken, free) => expect(freeName(name, new Set(taken))).toBe(free));

  it('is no longer than names may be, and cuts no letter in two', () => {
    const free = freeName(`${'🧪'.repeat(62)}.tif`, new Set());
    expect(free).toBe(`${'🧪'.repeat(61)} (2).tif`);
    expect(nameProblem(free)).toBeNull();
  });
});

it('shows what would hide in a name', () => expect(shownName('a\nb\u2028c')).toBe('a�b�c'));
