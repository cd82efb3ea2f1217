import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianMirror } from './debian-packages';

describe('debianMirror', () => {
  let apt: string;
  beforeEach(() => {
    apt = mkdtempSync(join(tmpdir(), 'beamdesk-apt-'));
    mkdirSync(join(apt, 'sources.list.d'));
  });
  afterEach(() => rmSync(apt, { recursive: true }));

  it('takes Debian’s own mirror from deb822 sources and leaves foreign ones alone', () => {
    writeFileSync(join(apt, 'sources.list.d/a.list'), 'deb [arch=amd64] https://packages.example/apt sdk main\n');
    writeFileSync(
      join(apt, 'sources.list.d/debian.sources'),
      'Types: deb\n# http://old\nURIs: http://mirror.example/debian/\nSuites: bookworm\n\n' +
        'Types: deb\nURIs: http://sec.example/debian-security\n',
    );
    expect(debianMirror(apt)).toEqual({
      archive: 'http://mirror.example/debian',
      security: 'http://sec.example/debian-security',
    });
  });

  it('reads one-line sources', () => {
    writeFileSync(
      join(apt, 'sources.list'),
      '# deb http://no/debian x\ndeb http://ftp.fr.debian.org/debian bookworm main\n',
    );
    expect(debianMirror(apt)).toEqual({
      archive: 'http://ftp.fr.debian.org/debian',
      security: 'http://ftp.fr.debian.org/debian-security',
    });
  });

  it('falls back to deb.debian.org', () => {
    expect(debianMirror(apt).archive).toBe('http://deb.debian.org/debian');
    expect(debianMirror(join(apt, 'nowhere')).security).toBe('http://deb.debian.org/debian-security');
  });
});
