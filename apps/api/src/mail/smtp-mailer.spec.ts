import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates, type TestCertificates } from '../../test/ldap/certificates';
import { type MailSettings, Secret } from '../config';
import { type Letter, MailRefused } from './mailer';
import { SmtpMailer } from './smtp-mailer';
import { SmtpSink } from './testing/smtp-sink';

const LETTER: Letter = {
  messageId: '<11111111-1111-4111-8111-111111111111@portal.example>',
  to: { name: 'Zoë "Z" Novák', address: 'zoe@test.example' },
  subject: 'Demo: more for you – 8 vCPUs',
  text: 'Dear Zoë,\n\nit is granted.\n.\nBye\n',
};
const TIMES = { connectMs: 400, silenceMs: 400, wholeMs: 900 };

describe('SmtpMailer', () => {
  let folder: string;
  let certificates: TestCertificates;
  let sink: SmtpSink | undefined;
  let mailer: SmtpMailer | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamdesk-smtp-'));
    certificates = makeCertificates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    mailer?.close();
    await sink?.close();
    [mailer, sink] = [undefined, undefined];
  });

  const settings = (port: number, change: Partial<MailSettings> = {}): MailSettings => ({
    ...{ host: 'localhost', port, security: 'none', user: null, password: null, ca: null },
    ...{ from: { name: 'Demo', address: 'desk@portal.example' }, publicHost: 'portal.example', templatesDir: null },
    ...change,
  });
  const to = (port: number, change: Partial<MailSettings> = {}) => (mailer = new SmtpMailer(settings(port, change), TIMES));
  const overTls = (password = 'sesame'): Partial<MailSettings> => ({
    ...{ security: 'starttls', ca: readFileSync(certificates.ca, 'utf8') },
    ...{ user: 'desk', password: new Secret(password) },
  });
  const fault = async (sending: Promise<void>): Promise<Error> =>
    sending.then(
      () => new Error('it was sent'),
      (error: Error) => error,
    );

  it('hands a mail over, with name, subject and text as they are', async () => {
    sink = await SmtpSink.start();
    await to(sink.port).send(LETTER);
    const [mail] = sink.mails;
    expect(mail).toMatchObject({ to: ['zoe@test.example'], from: 'desk@portal.example', user: null, encrypted: false });
    const raw = mail?.raw ?? '';
    expect(raw).toContain(`Message-ID: ${LETTER.messageId}`);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    const subject = [...raw.matchAll(/=\?UTF-8\?Q\?(.*?)\?=/gi)].map(([, part]) => part).join('');
    expect(subject).toContain('=E2=80=93');
    const body = raw.slice(raw.indexOf('\r\n\r\n') + 4).replaceAll('=\r\n', '').replaceAll('=C3=AB', 'ë');
    expect(body.replaceAll('\r\n', '\n').trim()).toBe(LETTER.text.trim());
  });

  it('signs in, once the line is encrypted', async () => {
    sink = await SmtpSink.start({ certificates, user: { name: 'desk', password: 'sesame' } });
    await to(sink.port, overTls()).send(LETTER);
    expect(sink.mails[0]).toMatchObject({ user: 'desk', encrypted: true });
  });

  it('says nothing, not even the password, to a server that does not offer TLS', async () => {
    sink = await SmtpSink.start({ user: { name: 'desk', password: 'sesame' } });
    const error = await fault(to(sink.port, overTls()).send(LETTER));
    expect(error).not.toBeInstanceOf(MailRefused);
    expect(error.message).toContain('ETLS');
    expect([sink.mails, sink.passwords]).toEqual([[], []]);
  });

  it('says nothing to a server whose certificate nobody it trusts has signed', async () => {
    sink = await SmtpSink.start({ certificates, user: { name: 'desk', password: 'sesame' } });
    const ca = readFileSync(certificates.otherCa, 'utf8');
    const error = await fault(to(sink.port, { ...overTls(), ca }).send(LETTER));
    expect(error.message).toMatch(/ETLS|ESOCKET|signature|certificate/);
    expect([sink.mails, sink.passwords]).toEqual([[], []]);
  });

  it('tries again after a wrong password, and repeats nothing secret', async () => {
    sink = await SmtpSink.start({ certificates, user: { name: 'desk', password: 'other' } });
    const error = await fault(to(sink.port, overTls('open-sesame')).send(LETTER));
    expect(error).not.toBeInstanceOf(MailRefused);
    expect(error.message).toMatch(/^EAUTH /);
    expect(`${error.message}${error.stack}`).not.toMatch(/open-sesame|zoe@/);
  });

  it.each<[number, boolean]>([
    [550, true],
    [451, false],
  ])('takes a recipient refused with %d for good: %p', async (code, forGood) => {
    sink = await SmtpSink.start({ recipient: () => ({ code, text: 'zoe@test.example is not known here' }) });
    const error = await fault(to(sink.port).send(LETTER));
    expect(error instanceof MailRefused).toBe(forGood);
    expect(error.message).toContain(String(code));
    expect(error.message).not.toContain('zoe');
  });

  it('gives up waiting for a server that does not come to an end', async () => {
    sink = await SmtpSink.start({ slowMs: 60_000 });
    const error = await fault(to(sink.port).send(LETTER));
    expect(error).not.toBeInstanceOf(MailRefused);
    expect(error.message).toMatch(/TIMEDOUT|takes too long/);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['is cut off at once', (socket) => socket.destroy()],
    ['says nothing', () => undefined],
    ['is cut off after its greeting', (socket) => socket.end('220 hello\r\n')],
    ['speaks another protocol', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
  ])('tries again when the line %s', async (_what, act) => {
    const open = new Set<Socket>();
    const server: Server = createServer((socket) => {
      open.add(socket.on('error', () => undefined));
      act(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const error = await fault(to((server.address() as AddressInfo).port).send(LETTER));
    expect(error).not.toBeInstanceOf(MailRefused);
    expect(error.message).not.toBe('it was sent');
    for (const socket of open) socket.destroy();
    server.close();
  });

  it('tries again when nobody listens', async () => {
    sink = await SmtpSink.start();
    const { port } = sink;
    await sink.close();
    expect((await fault(to(port).send(LETTER))).message).toContain('ESOCKET');
  });
});
