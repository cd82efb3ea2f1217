import { createTestApp, TestApp } from '../../../test/app/test-app';

describe('sign-in', () => {
  let portal: TestApp;
  beforeAll(async () => (portal = await createTestApp()));
  afterAll(() => portal?.close());

  it('walks through the provider and ends on the page that was asked for', async () => {
    const { identity, userId } = await portal.person('ada');
    const browser = portal.browser();
    const answer = await browser.signIn(identity, '&returnTo=/proposals?search=x');
    expect([answer.status, answer.location]).toEqual([303, '/proposals?search=x']);
    const session = await browser.get('/api/session');
    expect(session.body).toMatchObject({
      user: { id: userId, name: 'ada Tester', email: 'ada@test.example', roles: ['USER'] },
      authorised: true,
      conditions: { version: '1', accepted: false },
      demo: false,
    });
  });
});
