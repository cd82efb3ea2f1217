import { RedeemAnswer } from '@beamdesk/contracts';
import { GuacdPool } from './guacd/guacd-pool';
import { InternalApi } from './internal-api';
import { LIMITS } from './limits';
import { SessionOpener } from './session-opener';
import { FakeInternalApi } from './testing/fake-internal-api';
import { TicketRedeemer } from './ticket-redeemer';

const SESSION = { sessionId: 'b7c8e7a2-5d1c-4c19-9f0c-0d7e0a8a5b11', readOnly: false, userName: 'Ada' };
const CONSOLE = { host: '127.0.0.1', port: 5900, parameters: { password: 'sesame' } };
const JOIN = { action: 'join', ...SESSION, guacd: { host: '127.0.0.1', port: 4822 }, connectionId: '$1' } as const;
const REQUEST = { ticket: 't', cookie: '', origin: 'http://localhost', size: { width: 1280, height: 800, dpi: 96 } };

describe('what the portal grants', () => {
  let portal: FakeInternalApi;
  let opener: SessionOpener;

  beforeEach(async () => {
    portal = await FakeInternalApi.start();
    const api = new InternalApi(portal.address, 'secret', 2000);
    opener = new SessionOpener(api, new TicketRedeemer(api, 'bridge'), new GuacdPool([]));
  });
  afterEach(() => portal.stop());

  it.each<[string, 'vnc' | 'rdp', RedeemAnswer]>([
    ['a connection by VNC', 'vnc', { action: 'connect', ...SESSION, protocol: 'vnc', ...CONSOLE }],
    ['a connection by RDP', 'rdp', { action: 'connect', ...SESSION, protocol: 'rdp', ...CONSOLE }],
    ['one that is joined, by VNC', 'vnc', { ...JOIN, console: { protocol: 'vnc', ...CONSOLE } }],
    ['one that is joined, by RDP', 'rdp', { ...JOIN, console: { protocol: 'rdp', ...CONSOLE } }],
    ['one that a viewer joins, who is not told the protocol', 'rdp', { ...JOIN, readOnly: true }],
  ])('gives the first picture of %s the time of %s', async (_what, protocol, answer) => {
    portal.redeem = answer;
    expect(await opener.grant(REQUEST)).toMatchObject({ firstPicture: LIMITS.firstPicture[protocol] });
  });

  it('has a clipboard of its own with VNC alone: guacd carries that of RDP both ways', async () => {
    portal.redeem = { action: 'connect', ...SESSION, protocol: 'rdp', ...CONSOLE };
    expect(await opener.grant(REQUEST)).toMatchObject({ clipboard: null, handshake: { select: 'rdp' } });
    portal.redeem = { action: 'connect', ...SESSION, protocol: 'vnc', ...CONSOLE };
    expect(await opener.grant(REQUEST)).toMatchObject({ clipboard: expect.anything(), handshake: { select: 'vnc' } });
  });
});
