import { OFFLINE, toUserMessage } from './user-message';

describe('toUserMessage', () => {
  it('keeps the sentence, code, details and reference of the server', () => {
    const body = { code: 'HOST_FULL', message: 'No memory is left.', details: { host: 'a' }, requestId: 'r7' };
    expect(toUserMessage(409, body)).toEqual({
      title: 'All places are taken',
      text: 'No memory is left.',
      code: 'HOST_FULL',
      details: { host: 'a' },
      requestId: 'r7',
    });
  });

  it('has a heading for a code it does not know', () => {
    expect(toUserMessage(409, { code: 'NEW_CODE', message: 'Why.' })).toMatchObject({
      title: 'That did not work',
      text: 'Why.',
    });
  });

  it('tells a cut network from a server that is restarting', () => {
    expect(toUserMessage(0, null)).toBe(OFFLINE);
    expect(toUserMessage(502, '<html>bad gateway</html>').code).toBe('UNAVAILABLE');
  });

  it.each([null, 'text', { code: 4, message: 'x' }, { code: 'X' }, { message: 'x' }])(
    'never shows a body that is no error body: %p',
    (body) => {
      const message = toUserMessage(500, body);
      expect(message.code).toBe('UNEXPECTED');
      expect(message.text).toContain('500');
    },
  );
});
