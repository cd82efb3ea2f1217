import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSettings } from './settings';

describe('readSettings', () => {
  let folder: string;
  let env: Record<string, string>;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bridge-settings-'));
    const secret = path.join(folder, 'secret');
    writeFileSync(secret, 'a-secret-of-some-length\n');
    env = {
      BRIDGE_LISTEN: '127.0.0.1:8090',
      PUBLIC_URL: 'https://desk.example.org/',
      INTERNAL_URL: 'unix:/run/beamdesk/internal.sock',
      INTERNAL_SECRET_FILE: secret,
      GUACD: '127.0.0.1:4822',
    };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('reads them all', () => {
    expect(readSettings(env)).toEqual({
      listen: { host: '127.0.0.1', port: 8090 },
      origin: 'https://desk.example.org',
      internal: { socketPath: '/run/beamdesk/internal.sock' },
      internalSecret: 'a-secret-of-some-length',
      guacds: [{ host: '127.0.0.1', port: 4822 }],
      metricsListen: null,
      maxSessions: 5000,
      logLevel: 'info',
    });
    expect(readSettings({ ...env, INTERNAL_URL: 'http://127.0.0.1:7000' }).internal).toEqual({
      host: '127.0.0.1',
      port: 7000,
    });
    expect(readSettings({ ...env, GUACD: 'a:4822, [::1]:4823' }).guacds).toEqual([
      { host: 'a', port: 4822 },
      { host: '::1', port: 4823 },
    ]);
    expect(readSettings({ ...env, METRICS_LISTEN: '127.0.0.1:9100' }).metricsListen?.port).toBe(9100);
  });

  it.each(['BRIDGE_LISTEN', 'PUBLIC_URL', 'INTERNAL_URL', 'INTERNAL_SECRET_FILE', 'GUACD'])(
    'names %s if missing',
    (name) => {
      expect(() => readSettings({ ...env, [name]: undefined })).toThrow(`${name} is not set`);
    },
  );

  it.each([
    ['BRIDGE_LISTEN', '8090'],
    ['GUACD', 'guacd:99999'],
    ['GUACD', 'guacd:4822,'],
    ['METRICS_LISTEN', '9100'],
    ['PUBLIC_URL', 'desk.example.org'],
    ['INTERNAL_URL', 'http://portal.example.org:7000'],
    ['INTERNAL_SECRET_FILE', '/nonexistent/secret'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses a wrong %s in one line', (name, value) => {
    expect(() => readSettings({ ...env, [name]: value })).toThrow(new RegExp(`^${name}: .*$`));
  });

  it('refuses a secret that is hardly one, without showing it', () => {
    writeFileSync(env['INTERNAL_SECRET_FILE'], 'short');
    expect(() => readSettings(env)).toThrow(/^(?!.*short)INTERNAL_SECRET_FILE.*16 printable/);
  });
});
