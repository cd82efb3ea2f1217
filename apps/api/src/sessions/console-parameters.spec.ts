import { consoleParameters, consoleUserName } from './console-parameters';

describe('what guacd is told about a console', () => {
  it('of VNC: the password and how to draw', () => {
    const parameters = consoleParameters({ protocol: 'vnc', keyboard: 'de' }, 'sesame12');
    expect(parameters).toEqual({ password: 'sesame12', 'color-depth': '24', 'clipboard-encoding': 'UTF-8' });
  });

  it('of RDP: the generic user with its password, a connection that can be resized, and no drive', () => {
    expect(consoleParameters({ protocol: 'rdp', keyboard: null }, 'sesame')).toMatchObject({
      username: 'user',
      password: 'sesame',
      security: 'tls',
      'resize-method': 'display-update',
      'color-depth': '24',
      'enable-drive': 'false',
      'server-layout': 'en-us-qwerty',
    });
  });

  it.each([
    ['de', 'de-de-qwertz'],
    ['de(nodeadkeys)', 'de-de-qwertz'],
    ['ch', 'de-ch-qwertz'],
    ['ch(fr)', 'fr-ch-qwertz'],
    ['ch(legacy)', 'de-ch-qwertz'],
    ['fr(oss)', 'fr-fr-azerty'],
    ['gb', 'en-gb-qwerty'],
    // guacd knows no such keyboard: keys go where they lie on an American one, and other characters as text.
    ['gr', 'en-us-qwerty'],
  ])('of RDP: the keys of the keyboard %s', (keyboard, layout) => {
    expect(consoleParameters({ protocol: 'rdp', keyboard }, 'x')['server-layout']).toBe(layout);
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
