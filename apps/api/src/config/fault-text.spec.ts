import { faultText } from './fault-text';
import { ConfigError } from './load-config';

describe('faultText', () => {
  it('tells mistakes of the settings in plain lines', () => {
    expect(faultText(new ConfigError(['PUBLIC_URL: is not set', 'ROLES: is empty']))).toBe(
      'The settings of the api are not usable:\n  PUBLIC_URL: is not set\n  ROLES: is empty',
    );
  });

  it('tells what the system says in one line', () => {
    const error = Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1:80'), { code: 'EADDRINUSE' });
    expect(faultText(error)).toBe('listen EADDRINUSE: address already in use 127.0.0.1:80');
  });

  it('keeps the stack of a fault of ours', () => expect(faultText(new TypeError('x'))).toMatch(/TypeError: x\n\s+at /));
});
