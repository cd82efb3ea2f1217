import { encodeInstruction } from './guacd/instruction';
import type { FakeGuacdPeer } from './testing/fake-guacd';
import { SECRET, SESSION_ID, TestBridge } from './testing/test-bridge';
import { TestBrowser, waitFor } from './testing/test-browser';

const IMG = encodeInstruction('img', '1', '14', '0', 'image/png', '0', '0');

describe('BridgeServer', () => {
  let bridge: TestBridge;
  afterEach(async () => {
    jest.restoreAllMocks();
    await bridge.stop();
  });

  /** Opens a session and waits until guacd is ready. */
  async function live(): Promise<TestBrowser> {
    const browser = await bridge.open();
    await waitFor(() => bridge.api.callsTo('/opened').length === 1, 'opened');
    return browser;
  }

  /** Makes the bridge's clock jump. */
  function jump(ms: number): void {
    const later = Date.now() + ms;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
  }

  describe('admission', () => {
    it('refuses another origin, no origin, another path and a missing subprotocol', async () => {
      bridge = await TestBridge.start();
      await expect(bridge.open('ticket=T1', 'https://evil.example.org')).rejects.toThrow('HTTP 403');
      await expect(bridge.open('ticket=T1', 'https://desk.example.org.evil.org')).rejects.toThrow('HTTP 403');
      await expect(TestBrowser.open(`ws://127.0.0.1:${bridge.port}/other`, 'https://desk.example.org')).rejects.toThrow(
        'HTTP 404',
      );
      expect(bridge.api.calls).toEqual([]);
    });

    it.each([
      ['absent', 'width=800', { code: 1008, reason: '769' }],
      ['empty', 'ticket=', { code: 1008, reason: '769' }],
      ['given twice', 'ticket=a&ticket=b', { code: 1002, reason: '768' }],
      ['with a size of nonsense', 'ticket=a&width=99999999', { code: 1002, reason: '768' }],
    ])('closes for a ticket %s, without asking the portal', async (_name, query, closing) => {
      bridge = await TestBridge.start();
      const browser = await bridge.open(query);
      expect(await browser.closed).toEqual(closing);
      expect(bridge.api.calls).toEqual([]);
    });

    it('sends ticket, cookie and origin to the portal and obeys its refusal', async () => {
      bridge = await TestBridge.start();
      bridge.api.redeem = { action: 'refuse', status: 771, code: 'NOT_A_MEMBER', message: 'Not yours.' };
      const browser = await bridge.open();
      expect(await browser.closed).toEqual({ code: 1008, reason: '771' });
      expect(bridge.api.calls).toEqual([
        {
          path: '/internal/tickets/redeem',
          authorization: `Bearer ${SECRET}`,
          body: {
            ticket: 'T1',
            cookie: 'beamdesk=login-cookie',
            origin: 'https://desk.example.org',
            bridge: 'test-bridge',
          },
        },
      ]);
      expect(bridge.guacd.peers).toEqual([]);
    });

    it('opens one session with a ticket that the portal takes once', async () => {
      bridge = await TestBridge.start();
      const grant = bridge.api.redeem;
      const seen = new Set<string>();
      bridge.api.redeem = (ticket) => {
        const used = seen.has(ticket);
        seen.add(ticket);
        return used || typeof grant === 'function'
          ? { action: 'refuse', status: 769, code: 'USED', message: '' }
          : grant;
      };
      await live();
      const second = await bridge.open();
      expect(await second.closed).toEqual({ code: 1008, reason: '769' });
    });

    it('admits no more than its limit', async () => {
      bridge = await TestBridge.start({}, 1);
      await live();
      await expect(bridge.open()).rejects.toThrow('HTTP 503');
    });

    it('says that the console or guacd is away', async () => {
      bridge = await TestBridge.start();
      await bridge.guacd.stop();
      expect(await (await bridge.open()).closed).toEqual({ code: 1011, reason: '519' });
      bridge.api.redeem = {
        action: 'join',
        sessionId: SESSION_ID,
        readOnly: false,
        userName: 'Ada',
        guacd: { host: '127.0.0.1', port: 1 },
        connectionId: '$x',
      };
      expect(await (await bridge.open()).closed).toEqual({ code: 1011, reason: '520' });
      await waitFor(() => bridge.api.callsTo('/closed').length === 2, 'both sessions given back');
    });

    it('joins the connection the portal names, at the guacd that holds it', async () => {
      bridge = await TestBridge.start();
      bridge.api.redeem = {
        action: 'join',
        sessionId: SESSION_ID,
        readOnly: true,
        userName: 'Bo',
        guacd: bridge.guacd.address,
        connectionId: '$live-one',
      };
      await live();
      expect(bridge.guacd.live?.received[0]).toEqual(['select', '$live-one']);
      expect(bridge.guacd.live?.with('connect')[0]).toContain('true');
      expect(bridge.guacd.peers).toHaveLength(1);
    });

    it('lets a viewer who joins hear what is played', async () => {
      const sound = [
        ['audio', '1', 'audio/L16;rate=44100,channels=2'],
        ['blob', '1', 'AQIDBA=='],
        ['end', '1'],
      ];
      bridge = await TestBridge.start({
        onReady: ({ socket }) => socket.write(sound.map((each) => encodeInstruction(...each)).join('')),
      });
      const join = { sessionId: SESSION_ID, readOnly: true, userName: 'Bo', connectionId: '$live-one' };
      bridge.api.redeem = { action: 'join', guacd: bridge.guacd.address, ...join };
      const browser = await live();
      await browser.until('end');
      expect(bridge.guacd.live?.with('audio')).toEqual([['audio', 'audio/L8', 'audio/L16']]);
      expect(browser.instructions.filter(([opcode]) => opcode !== '')).toEqual(sound);
    });

    it.each([
      ['closes without a word', (peer: FakeGuacdPeer) => peer.socket.end(), 0],
      ['says nothing', () => undefined, 6_000],
    ])(
      'gives up a join when guacd %s, so that the page comes back for its own connection',
      async (_, onSelect, later) => {
        bridge = await TestBridge.start({ onSelect });
        const join = { sessionId: SESSION_ID, readOnly: false, userName: 'Bo', connectionId: '$gone' };
        bridge.api.redeem = { action: 'join', guacd: bridge.guacd.address, ...join };
        const browser = await bridge.open();
        await waitFor(() => bridge.guacd.live, 'the join');
        jump(later);
        expect(await browser.closed).toEqual({ code: 1011, reason: '520' });
        await waitFor(() => bridge.api.callsTo('/closed').length, 'closed');
        expect(bridge.api.callsTo('/closed')[0].body).toMatchObject({ reason: 'CONNECTION_GONE' });
      },
    );
  });

  describe('a live session', () => {
    it('gives the tunnel id at once, even while the portal is thinking, and answers pings identically', async () => {
      bridge = await TestBridge.start();
      const browser = await bridge.open();
      expect((await browser.until(''))[1]).toMatch(/^[0-9a-f-]{36}$/);
      expect(browser.frames[0]).toHaveLength(1);
      browser.send('0.,4.ping,13.1763718847123;');
      await waitFor(() => browser.instructions.some(([, word]) => word === 'ping'), 'the ping');
      expect(browser.instructions.at(-1)).toEqual(['', 'ping', '1763718847123']);
    });

    it('shakes hands with a guacd that dribbles, keeps args and ready, and relays the rest whole', async () => {
      bridge = await TestBridge.start({
        byteByByte: true,
        onReady: (peer) => void peer.sendByteByByte(`${encodeInstruction('name', 'Zoë 😀')}${IMG}4.sync,2.17;`),
      });
      const browser = await live();
      await browser.until('sync');
      expect(browser.instructions.map(([opcode]) => opcode)).toEqual(['', 'name', 'img', 'sync']);
      expect(bridge.guacd.live?.with('size')).toEqual([['size', '1024', '768', '96']]);
      expect(bridge.guacd.live?.with('connect')).toEqual([
        ['connect', 'VERSION_1_3_0', '127.0.0.1', String(bridge.guacd.address.port), '', '', '', 'hushhush', ''],
      ]);
      expect(bridge.api.callsTo('/opened')[0].body).toEqual({
        guacd: bridge.guacd.address,
        connectionId: '$fake-connection',
      });
    });

    it('hands on input, never an internal instruction', async () => {
      bridge = await TestBridge.start();
      const browser = await live();
      browser.send('0.,4.ping,1.1;3.key,2.65,1.1;4.sync,1.9;');
      const peer = bridge.guacd.live;
      await waitFor(() => peer?.with('sync').length, 'the sync');
      expect(peer?.with('key')).toEqual([['key', '65', '1']]);
      expect(peer?.with('')).toEqual([]);
    });

    it('lets a viewer send no input, even behind a sync in one frame', async () => {
      bridge = await TestBridge.start();
      bridge.grant({ readOnly: true });
      const browser = await live();
      browser.send('4.sync,1.1;3.key,2.65,1.1;5.mouse,1.1,1.1,1.1;4.sync,1.2;');
      const peer = bridge.guacd.live;
      await waitFor(() => peer?.with('sync').length === 2, 'both syncs');
      expect(peer?.received.map(([opcode]) => opcode)).not.toEqual(expect.arrayContaining(['key']));
      expect(peer?.with('mouse')).toEqual([]);
      expect(peer?.with('connect')[0][4]).toBe('true');
    });

    it('passes an error on as it is, then closes with its status', async () => {
      bridge = await TestBridge.start({
        onReady: (peer) => {
          peer.send('error', 'Aborted. See logs.', '519');
          peer.socket.end();
        },
      });
      const browser = await bridge.open();
      expect(await browser.closed).toEqual({ code: 1011, reason: '519' });
      expect(await browser.until('error')).toEqual(['error', 'Aborted. See logs.', '519']);
    });

    it('passes an error of the handshake on, too', async () => {
      bridge = await TestBridge.start({
        onConnect: (peer) => {
          peer.send('error', 'No such connection', '516');
          peer.socket.end();
        },
      });
      const browser = await bridge.open();
      expect(await browser.closed).toEqual({ code: 1002, reason: '516' });
      expect((await browser.until('error'))[2]).toBe('516');
    });

    it('closes so that the page comes back when guacd dies without a word', async () => {
      bridge = await TestBridge.start();
      const browser = await live();
      bridge.guacd.live?.socket.destroy();
      expect(await browser.closed).toEqual({ code: 1011, reason: '520' });
    });

    it('closes normally when guacd says goodbye', async () => {
      bridge = await TestBridge.start();
      const browser = await live();
      bridge.guacd.live?.send('disconnect');
      bridge.guacd.live?.socket.end();
      expect(await browser.closed).toEqual({ code: 1000, reason: '0' });
    });

    it('leaves guacd and gives the session back with its figures when the browser goes', async () => {
      bridge = await TestBridge.start({ onReady: (peer) => peer.send('sync', '5') });
      const browser = await live();
      await browser.until('sync');
      browser.send('3.key,2.65,1.1;');
      await waitFor(() => bridge.guacd.live?.with('key').length, 'the key');
      jump(0);
      browser.socket.close();
      await waitFor(() => bridge.api.callsTo('/closed').length, 'closed');
      const { body } = bridge.api.callsTo('/closed')[0];
      const typedAt = Date.parse(String(body['lastInputAt']));
      expect(Date.now() - typedAt).toBeLessThan(10_000);
      expect(body).toEqual({
        bytesToClient: '4.sync,1.5;'.length,
        bytesFromClient: '3.key,2.65,1.1;'.length,
        lastInputAt: new Date(typedAt).toISOString(),
        reason: 'BROWSER_CLOSED',
      });
      await waitFor(() => bridge.guacd.live?.with('disconnect').length, 'disconnect');
      await waitFor(() => bridge.guacd.live?.socket.destroyed, 'the socket to close');
    });

    it('renews every 15 s and closes on a no', async () => {
      bridge = await TestBridge.start({ onReady: (peer) => peer.socket.write(IMG) });
      const browser = await live();
      browser.send('3.key,2.65,1.1;');
      await waitFor(() => bridge.guacd.live?.with('key').length, 'the key');
      bridge.api.renewal = { continue: false, status: 523, code: 'SIGNED_OUT' };
      jump(15_001);
      expect(await browser.closed).toEqual({ code: 1002, reason: '523' });
      const [renewal] = bridge.api.callsTo('/renewal');
      expect(renewal.body).toMatchObject({ bytesToClient: IMG.length, bytesFromClient: '3.key,2.65,1.1;'.length });
      expect(Date.parse(String(renewal.body['lastInputAt']))).toBeGreaterThan(Date.now() - 60_000);
    });

    it('ends a session whose browser fell silent, and one without a picture', async () => {
      bridge = await TestBridge.start({ onReady: (peer) => peer.socket.write(IMG) });
      const silent = await live();
      await silent.until('img');
      jump(40_000);
      expect(await silent.closed).toEqual({ code: 1002, reason: '776' });
      await bridge.stop();
      jest.restoreAllMocks();
      bridge = await TestBridge.start();
      const dark = await live();
      jump(20_001);
      expect(await dark.closed).toEqual({ code: 1011, reason: '514' });
    });

    it.each([
      ['binary frames', (browser: TestBrowser) => browser.socket.send(Buffer.from('3.nop;')), '783', 1003],
      ['half instructions', (browser: TestBrowser) => browser.send('3.key,2.6'), '768', 1002],
      [
        'oversize instructions',
        (browser: TestBrowser) => browser.send(`4.blob,9000.${'x'.repeat(9000)};`),
        '781',
        1009,
      ],
      ['oversize frames', (browser: TestBrowser) => browser.send('3.nop;'.repeat(30_000)), '781', 1009],
      ['forged internal instructions', (browser: TestBrowser) => browser.send('0.,4.evil;'), '768', 1002],
      ['instructions of the handshake', (browser: TestBrowser) => browser.send('6.select,3.vnc;'), '771', 1008],
      [
        'a flood of pings',
        (browser: TestBrowser) => Array.from({ length: 2000 }, () => browser.send('0.,4.ping,1.1;')),
        '797',
        1008,
      ],
      [
        'a flood of websocket pings',
        (browser: TestBrowser) => Array.from({ length: 2000 }, () => browser.socket.ping()),
        '797',
        1008,
      ],
    ])('cuts off %s, and nobody else', async (_name, cheat, reason, code) => {
      bridge = await TestBridge.start();
      const honest = await live();
      const cheater = await bridge.open();
      await waitFor(() => bridge.api.callsTo('/opened').length === 2, 'the second session');
      cheat(cheater);
      expect(await cheater.closed).toEqual({ code, reason });
      honest.send('0.,4.ping,1.7;');
      await waitFor(() => honest.instructions.some(([, word, time]) => word === 'ping' && time === '7'), 'the echo');
      expect(bridge.guacd.live?.with('key')).toEqual([]);
    });
  });

  it('logs the id of the request that launched the desktop, where the portal tells it', async () => {
    bridge = await TestBridge.start({ onReady: (peer) => peer.send('name', 'x') });
    bridge.grant({ requestId: 'click-1' });
    const browser = await bridge.open();
    await browser.until('name');
    browser.send('3.bad,1.x;');
    await browser.closed;
    const lines = bridge.log.trim().split('\n').map((line) => JSON.parse(line) as { msg: string; requestId?: string });
    for (const msg of ['session open', 'session ended']) {
      expect(lines.find((line) => line.msg === msg)?.requestId).toBe('click-1');
    }
  });

  it('logs neither ticket, cookie, password nor what went over the wire', async () => {
    bridge = await TestBridge.start({ onReady: (peer) => peer.send('name', 'wire-data') });
    const browser = await bridge.open('ticket=TOPSECRET&width=1024');
    await browser.until('name');
    browser.send('3.bad,9.more-wire;');
    await browser.closed;
    await bridge.open('ticket=TOPSECRET&width=x');
    await expect(bridge.open('ticket=TOPSECRET', 'https://evil.example.org')).rejects.toThrow();
    expect(bridge.log).toContain('OPCODE_NOT_ALLOWED');
    for (const secret of ['TOPSECRET', 'login-cookie', 'hushhush', 'wire-data', 'more-wire', SECRET]) {
      expect(bridge.log).not.toContain(secret);
    }
  });
});
