import { PASSWORD, uuidOf } from '../../../test/ldap/directory-content';
import { settingsOf } from '../../../test/ldap/directory-settings';
import { Slapd } from '../../../test/ldap/slapd';
import type { DirectorySettings } from '../../config';
import { Directory } from './directory';

describe('a directory in trouble', () => {
  let slapd: Slapd;
  beforeEach(async () => (slapd = await Slapd.start()));
  afterEach(() => slapd?.stop());

  const prove = (change: Partial<DirectorySettings> = {}, meanwhile = () => Promise.resolve()) =>
    new Directory(settingsOf(slapd, change)).attempt('grace', async (attempt) => {
      await meanwhile();
      return attempt.prove(PASSWORD);
    });

  it('is given up after the time allowed', async () => {
    await slapd.freeze();
    await expect(prove({ timeoutMs: 1000 })).rejects.toMatchObject({ reason: 'timeout' });
    slapd.thaw();
    expect(await prove()).toMatchObject({ identity: { subject: uuidOf(1) } });
  });

  it('is given up too when it falls silent in the middle', async () =>
    expect(prove({ timeoutMs: 1500 }, () => slapd.freeze())).rejects.toMatchObject({ reason: 'timeout' }));

  it.each(['start-tls', 'tls', 'none'] as const)(
    'is not connected to again when it dies in the middle (%s)',
    async (security) => {
      const port = security === 'tls' ? slapd.tlsPort : slapd.port;
      let back: Promise<void> | undefined;
      const dies = () => (back = slapd.kill().then(() => slapd.run()));
      await expect(prove({ security, port, timeoutMs: 10_000 }, dies)).rejects.toMatchObject({ reason: 'unreachable' });
      await back;
      expect(await prove({ security, port })).toMatchObject({ identity: { subject: uuidOf(1) } });
    },
  );
});
