import { missingEntries } from './check-lock.ts';

describe('missingEntries', () => {
  it('finds an entry beside its user, nested in it, or at the top', () => {
    const packages = {
      '': { optionalDependencies: { top: '1' } },
      'node_modules/top': {},
      'node_modules/tool': { optionalDependencies: { 'tool-linux': '1', top: '1' } },
      'node_modules/tool/node_modules/tool-linux': {},
      'node_modules/a/node_modules/b': { optionalDependencies: { c: '1' } },
      'node_modules/a/node_modules/c': {},
    };
    expect(missingEntries({ packages })).toEqual([]);
  });

  it('names each that is nowhere it could be found from', () => {
    const packages = {
      'node_modules/tool': { optionalDependencies: { 'tool-darwin': '1' } },
      'node_modules/other/node_modules/tool-darwin': {},
    };
    expect(missingEntries({ packages })).toEqual(['node_modules/tool needs tool-darwin']);
  });
});
