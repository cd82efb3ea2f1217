import { consoleParameters } from './console-parameters';

describe('the arguments of a VNC connection', () => {
  it('leave room for the cursor, the lamps and the size of the screen, and for nothing behind them', () => {
    const encodings = consoleParameters('vnc', 'secret12')['encodings']?.split(' ') ?? [];
    expect(encodings).toHaveLength(64 - 5);
    expect([...new Set(encodings)]).toEqual(['zrle', 'copyrect', 'hextile', 'raw']);
  });
});

describe('the arguments of an RDP connection', () => {
  it('have the session carry the size of the screen', () => {
    expect(consoleParameters('rdp', 'secret12')).toMatchObject({ 'resize-method': 'display-update' });
  });
});
