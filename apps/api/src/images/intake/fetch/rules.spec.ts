import type { FetchRules } from '../types';
import { judgeAddresses, judgeUrl } from './rules';

const rules: FetchRules = {
  hosts: ['Images.example.org', '.example.net', '1.1.1.1'],
  privateHosts: ['store.inside'],
  http: true,
  ...{ fileMib: 1, idleSeconds: 1, totalSeconds: 9 },
};

const refused = (code: string) => expect.objectContaining({ name: 'ImageRefusedError', code });

describe('where images may be fetched from', () => {
  it.each(['https://images.example.org/a', 'https://IMAGES.example.org.:8443/a', 'https://a.b.example.net/', 'http://store.inside/x'])(
    '%s is allowed',
    (url) => expect(judgeUrl(url, rules).href).toContain('://'),
  );

  it.each([
    'https://example.org/a',
    'https://example.net/',
    'https://images.example.org.evil.org/',
    'https://eviexample.net/',
    'http://images.example.org/a',
    'https://user@images.example.org/',
    'https://images.example.org@evil.org/',
    'https:\\\\evil.org\\@images.example.org/',
    'file:///etc/passwd',
    'ftp://images.example.org/',
    'data:text/plain,x',
    'images.example.org/a',
    '',
  ])('%s is not', (url) => expect(() => judgeUrl(url, rules)).toThrow(refused('URL_NOT_ALLOWED')));

  it('without http there is none, not even inside', () => {
    expect(() => judgeUrl('http://store.inside/x', { ...rules, http: false })).toThrow(refused('URL_NOT_ALLOWED'));
  });

  it('a redirect is judged from where it was given', () => {
    const base = new URL('https://images.example.org/a/b');
    expect(judgeUrl('../c', rules, base).href).toBe('https://images.example.org/c');
    expect(() => judgeUrl('//169.254.169.254/', rules, base)).toThrow(refused('URL_NOT_ALLOWED'));
  });

  it.each([
    ...['127.0.0.1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255'],
    ...['192.0.2.1', '198.18.0.1', '240.0.0.1', '::', '::1', '::127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1', 'fe80::1', 'fc00::1'],
    ...['fec0::1', 'ff02::1', '64:ff9b::a00:1', '2002:7f00:1::', '2001:db8::1', '2001::1'],
  ])('%s is no address of the internet', (address) => {
    expect(() => judgeAddresses('images.example.org', ['8.8.8.8', address], rules)).toThrow(refused('ADDRESS_NOT_ALLOWED'));
  });

  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is one', (address) => {
    expect(() => judgeAddresses('images.example.org', [address], rules)).not.toThrow();
  });

  it.each(['10.0.0.1', '127.0.0.1', 'fc00::1', '::1', '8.8.8.8'])('a host of the own network may be %s', (address) => {
    expect(() => judgeAddresses('store.inside', [address], rules)).not.toThrow();
  });

  it.each(['169.254.169.254', 'fe80::1', '0.0.0.0', 'ff02::1', '255.255.255.255'])('no host at all may be %s', (address) => {
    expect(() => judgeAddresses('store.inside', [address], rules)).toThrow(refused('ADDRESS_NOT_ALLOWED'));
  });

  it('a host without address is unknown', () => {
    expect(() => judgeAddresses('images.example.org', [], rules)).toThrow(refused('HOST_UNKNOWN'));
  });
});
