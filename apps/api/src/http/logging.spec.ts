import { createTestApp } from '../../test/app/test-app';

/** pino writes to the file descriptor itself, so the log is read through the stream it is given here. */
describe('the log', () => {
  it('names requests by method and path, and holds no query, cookie, token or secret', async () => {
    const lines: string[] = [];
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    const portal = await createTestApp({ env: { LOG_LEVEL: 'trace' } });
    try {
      const { browser } = await portal.signedIn('ada');
      const callback = await browser.towardsCallback({ sub: 'ada', name: 'Ada' });
      await browser.get(callback);
      await browser.get(callback);
      await browser.get('/api/nothing?secret=in-the-query');
      const text = lines.join('');
      const code = new URL(callback).searchParams.get('code') ?? '';
      expect(text).toContain('"path":"/api/auth/callback"');
      expect(text).toContain('"status":303');
      expect(text).toContain('SIGN_IN_EXPIRED');
      expect(portal.provider.tokens.length).toBeGreaterThan(0);
      const hidden = [...portal.provider.tokens, code, 'in-the-query', browser.cookies().slice('beamdesk='.length), portal.config.sessionSecret.reveal()];
      for (const one of hidden) expect(one.length > 5 && text.includes(one)).toBe(false);
    } finally {
      await portal.close();
      write.mockRestore();
    }
  });
});
