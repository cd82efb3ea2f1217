import { consoleParameters, consoleUserName } from './console-parameters';

describe('what guacd is told about a console', () => {
  it('of VNC: the password and how to draw', () => {
    const parameters = consoleParameters('vnc', 'sesame12');
    expect(parameters).toEqual({ password: 'sesame12', 'color-depth': '24', 'clipboard-encoding': 'UTF-8' });
  });

  it('of RDP: the generic user with its password, a connection that can be resized, and no drive', () => {
    expect(consoleParameters('rdp', 'sesame')).toMatchObject({
      username: 'user',
      password: 'sesame',
      security: 'tls',
      'resize-method': 'display-update',
      'color-depth': '24',
      'enable-drive': 'false',
      'server-layout': 'en-us-qwerty',
    });
  });
});

describe('the name that guacd shows', () => {
  it.each([
    ['Lucía Fernández', 'Lucia Fernandez'],
    ['Ada 🙂', 'Ada ??'],
    ['  ', 'user'],
  ])('is printable ASCII: %j', (name, shown) => {
    expect(consoleUserName(name)).toBe(shown);
  });
});
