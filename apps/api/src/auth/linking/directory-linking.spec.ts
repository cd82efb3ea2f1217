import type { AccountView } from '@beamdesk/contracts';
import { PASSWORD, uuidOf } from '../../../test/ldap/directory-content';
import { createDirectoryPortal, type DirectoryPortal } from '../../../test/ldap/directory-portal';

describe('an account of an LDAP directory as a way to sign in', () => {
  let house: DirectoryPortal;

  beforeAll(async () => (house = await createDirectoryPortal()));
  afterAll(() => house?.close());

  it('is added by its name and password, with the groups of the directory', async () => {
    const { browser, userId } = await house.portal.signedIn('ada');
    const add = (password: string) =>
      browser.send('POST', '/api/account/ways/password', { provider: 'site', name: 'grace', password });
    expect(await add('not the password')).toMatchObject({ status: 401, body: { code: 'WRONG_PASSWORD' } });
    const { status, body } = await add(PASSWORD);
    expect([status, (body as AccountView).ways[1]]).toMatchObject([
      200,
      {
        provider: 'site',
        label: 'a site account',
        kind: 'password',
        subject: uuidOf(1),
        groups: ['id11-staff'],
        linkedBy: 'person',
      },
    ]);
    const there = await house.attempt('site', 'grace');
    expect((await house.who(there.browser))?.id).toBe(userId);
  });

  it('stays whose it is', async () => {
    const { browser } = await house.portal.signedIn('bo');
    const taken = await browser.send('POST', '/api/account/ways/password', {
      provider: 'site',
      name: 'grace',
      password: PASSWORD,
    });
    expect(taken).toMatchObject({ status: 409, body: { code: 'LINK_OF_ANOTHER_PERSON' } });
    expect(((await browser.get('/api/account')).body as AccountView).ways).toHaveLength(1);
  });
});
