import { createDirectoryPortal, type DirectoryPortal } from '../../../test/ldap/directory-portal';
import { FREE_TRIES } from '../local-accounts/password-attempts';

describe('sign-in with an LDAP directory in trouble', () => {
  let house: DirectoryPortal;
  beforeAll(async () => (house = await createDirectoryPortal()));
  afterAll(() => house?.close());

  const attempt: DirectoryPortal['attempt'] = (...what) => house.attempt(...what);

  it('says which directory cannot be asked, counts nothing, and lets others go on', async () => {
    for (let i = 0; i <= FREE_TRIES; i++) {
      const answer = await attempt('down', 'grace');
      expect(answer).toMatchObject({ status: 503, code: 'DIRECTORY_UNAVAILABLE' });
      expect(answer.message).toContain('Signing in with a down account does not work at this moment');
    }
    expect(await attempt('tls', 'grace')).toMatchObject({ status: 204 });
    expect(house.logged.filter((line) => line.includes('down cannot be asked: unreachable'))).not.toEqual([]);
  });

  it('gives up a directory that says nothing, and takes it again', async () => {
    await house.slapd.freeze();
    const silent = attempt('site', 'alan');
    expect(await attempt('local', 'nobody at all')).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect(await silent).toMatchObject({ status: 503, code: 'DIRECTORY_UNAVAILABLE' });
    house.slapd.thaw();
    expect(await attempt('site', 'alan')).toMatchObject({ status: 204 });
  });

  it('dies in the middle of a sign-in, and is asked again once it is back', async () => {
    await house.slapd.freeze();
    const cutOff = attempt('site', 'grace');
    const other = attempt('tls', 'alan');
    await house.slapd.kill();
    for (const answer of [await cutOff, await other]) {
      expect(answer).toMatchObject({ status: 503, code: 'DIRECTORY_UNAVAILABLE' });
    }
    await house.slapd.run();
    expect(await attempt('site', 'grace')).toMatchObject({ status: 204 });
  });

  it('lets so many wait for it and no more, and nobody who goes elsewhere', async () => {
    await house.slapd.freeze();
    const waiting = Array.from({ length: 26 }, (_, i) => attempt('site', `name ${i}`));
    const codes = (await Promise.all(waiting)).map(({ code }) => code);
    expect(codes.filter((code) => code === 'SIGN_IN_BUSY')).toHaveLength(2);
    expect(codes.filter((code) => code === 'DIRECTORY_UNAVAILABLE')).toHaveLength(24);
    house.slapd.thaw();
  });
});
