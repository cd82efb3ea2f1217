import { parseYaml, YamlInvalid } from '@beamdesk/catalogue';
import { z } from 'zod';
import { checkData } from './data-references';
import { siteData } from './data-schema';

const SHORT = `
data:
  roots: [/srv/proposals, /gpfs/]
  path: '/srv/proposals/{proposal}'
  scratch: { root: /srv/scratch, limitMib: 100 }
`;
const RULES = `
data:
  roots: [/srv/proposals, /gpfs/]
  nfs: [nfs1.lumina.example]
  rules:
    - when: { beamline: bm18-tomo, facility: [Lumina, Other] }
      path: '/gpfs/{year}/{visit}'
      mount: virtiofs
    - when: { catalogue: icat }
      mount: nfs
      nfs: { server: nfs1.lumina.example, export: '/exports/{proposal}' }
      guest: '/data/{catalogue}/{proposal}'
    - path: '/srv/proposals/{proposal}'
  runAs: { rule: system, groups: ['p{proposal}'] }
  scratch: { root: /srv/scratch, limitMib: 100 }
  home: { root: /srv/homes/, limitMib: 2048 }
`;

const read = (text: string) => parseYaml('site.yaml', text, z.object({ data: siteData }), checkData).data;
const faults = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    expect(error).toBeInstanceOf(YamlInvalid);
    return (error as YamlInvalid).message;
  }
  return 'none';
};

describe('data of the site file', () => {
  it('is one rule for all in its short form', () => {
    expect(read(SHORT)).toEqual({
      roots: ['/srv/proposals', '/gpfs'],
      nfs: [],
      rules: [{ when: {}, mount: '9p', path: '/srv/proposals/{proposal}', guest: '/data/{proposal}' }],
      runAs: { rule: 'machine' },
      scratch: { root: '/srv/scratch', limitMib: 100, guest: '/scratch' },
      home: null,
    });
  });

  it('is several rules, one after the other', () => {
    expect(read(RULES)).toMatchObject({
      rules: [
        {
          when: { beamline: ['bm18-tomo'], facility: ['Lumina', 'Other'] },
          mount: 'virtiofs',
          guest: '/data/{proposal}',
        },
        {
          when: { catalogue: ['icat'] },
          mount: 'nfs',
          nfs: { server: 'nfs1.lumina.example', export: '/exports/{proposal}' },
        },
        { when: {}, mount: '9p', path: '/srv/proposals/{proposal}' },
      ],
      runAs: { rule: 'system', groups: ['p{proposal}'] },
      home: { root: '/srv/homes', limitMib: 2048 },
    });
  });

  const PATH = "path: '/srv/proposals/{proposal}'";
  it.each([
    ['neither path nor rules', SHORT, PATH, 'nfs: []', 'data.path: must say where the data are'],
    ['both', RULES, 'nfs: [nfs1', `${PATH}\n  nfs: [nfs1`, 'data.path: is the short form'],
    ['no rules at all', RULES, /rules:[^]*runAs/, 'rules: []\n  runAs', 'data.rules'],
    [
      'a guest path beside rules',
      RULES,
      'nfs: [nfs1',
      "guest: '/data/x'\n  nfs: [nfs1",
      'data.guest: is the short form',
    ],
    ['a path outside', RULES, '/gpfs/{year}', '/etc/{year}', 'data.rules[0].path: lies in none of the roots'],
    ['a path that only begins like a root', RULES, '/gpfs/{year}', '/gpfs2/{year}', 'data.rules[0].path: lies in none'],
    ['an unknown placeholder', RULES, '{year}', '{user}', 'data.rules[0].path: may hold only'],
    ['an unknown condition', RULES, 'beamline: bm18-tomo', 'technique: x', 'data.rules[0].when'],
    ['an unknown kind', RULES, 'virtiofs', 'smb', 'data.rules[0].mount'],
    [
      'a server not allowed',
      RULES,
      'nfs: [nfs1.',
      'nfs: [nfs2.',
      "data.rules[1].nfs.server: 'nfs1.lumina.example' is not in data.nfs",
    ],
    ['a server that is an option', RULES, 'nfs: [nfs1.lumina.example]', "nfs: ['-o x']", 'data.nfs[0]'],
    [
      'an export of several proposals',
      RULES,
      '/exports/{proposal}',
      '/exports/{facility}',
      'data.rules[1].nfs.export: must hold {proposal}',
    ],
    [
      'an export with ..',
      RULES,
      '/exports/{proposal}',
      '/exports/../{proposal}',
      'data.rules[1].nfs.export: must not hold ..',
    ],
    ['NFS without a server', RULES, /nfs: \{.*\}/, '', 'data.rules[1].nfs: must say server and export'],
    [
      'NFS with a path of the host',
      RULES,
      'mount: nfs',
      "mount: nfs\n      path: '/gpfs/x'",
      'data.rules[1].path: is of the host',
    ],
    [
      'a server for a host folder',
      RULES,
      'mount: virtiofs',
      "nfs: { server: nfs1.lumina.example, export: '/{proposal}' }",
      'data.rules[0].nfs: needs mount: nfs',
    ],
    [
      'a rule behind one for all',
      RULES,
      'when: { catalogue: icat }',
      'when: {}',
      'data.rules[2]: never counts: rule 2 is for all',
    ],
    ['a group that is a number', RULES, "'p{proposal}'", "'{proposal}'", 'data.runAs.groups[0]: must be a name'],
    ['a group with a wrong placeholder', RULES, "'p{proposal}'", "'p{user}'", 'data.runAs.groups[0]: may hold only'],
    [
      'a system id',
      RULES,
      "{ rule: system, groups: ['p{proposal}'] }",
      '{ rule: accounts, accounts: { ada: { uid: 999, gid: 1000 } } }',
      'data.runAs.accounts.ada.uid',
    ],
    ['homes among the data', RULES, '/srv/homes/', '/gpfs/homes', 'data.home.root: must lie apart from /gpfs'],
    [
      'homes that are scratch',
      RULES,
      '/srv/homes/',
      '/srv/scratch',
      'data.home.root: must lie apart from /srv/scratch',
    ],
    ['data among homes', RULES, '/srv/homes/', '/srv', 'data.home.root: must lie apart from /srv/proposals'],
    ['homes without a limit', RULES, ', limitMib: 2048', '', 'data.home.limitMib'],
  ])('is refused with %s', (_what, text, before, after, fault) => {
    const changed = text.replace(before, after);
    expect(changed).not.toBe(text);
    expect(faults(changed)).toContain(` ${fault}`);
  });
});
