import { consoleParameters, consoleUserName } from './console-parameters';

describe('what guacd is told about a console', () => {
  it('of VNC: the password and how to draw', () => {
    expect(consoleParameters('vnc', 'sesame12')).toMatchObject({
      password: 'sesame12',
      'color-depth': '24',
      'clipboard-encoding': 'UTF-8',
    });
  });

  it('of VNC: encodings that leave room for the cursor, the lamps and the size of the screen, and for nothing behind them', () => {
    const encodings = consoleParameters('vnc', 'sesame12')['encodings']?.split(' ') ?? [];
    expect(encodings).toHaveLength(64 - 5);
    expect([...new Set(encodings)]).toEqual(['zrle', 'copyrect', 'hextile', 'raw']);
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
    // guacd brings the sound unless it is told not to.
    expect(consoleParameters('rdp', 'sesame')).not.toHaveProperty('disable-audio');
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
