import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { TestCertificates } from '../../../test/ldap/certificates';

/** A mail as it came over the line. */
export interface SunkMail {
  to: string[];
  from: string;
  /** As whom the sender signed in; null: as nobody. */
  user: string | null;
  encrypted: boolean;
  /** Header and text, undecoded. */
  raw: string;
}

interface Options {
  certificates?: TestCertificates;
  /** Who may send; without it anybody. */
  user?: { name: string; password: string };
  /** Answers a recipient: null takes it. */
  recipient?: (address: string) => { code: number; text: string } | null;
  /** So long after a mail is whole it is taken. */
  slowMs?: number;
}

/** A mail server in this process, over TCP, that keeps what it gets. */
export class SmtpSink {
  readonly mails: SunkMail[] = [];
  /** What was tried to sign in with. */
  readonly passwords: string[] = [];
  private readonly server: SMTPServer;

  private constructor(options: Options) {
    const { certificates, user, slowMs = 0 } = options;
    this.server = new SMTPServer({
      hideSTARTTLS: !certificates,
      disabledCommands: certificates ? [] : ['STARTTLS'],
      authOptional: !user,
      disableReverseLookup: true,
      closeTimeout: 100,
      ...(certificates && { key: readFileSync(certificates.key), cert: readFileSync(certificates.certificate) }),
      onAuth: ({ username, password }, _session, done) => {
        this.passwords.push(password ?? '');
        if (user && username === user.name && password === user.password) done(null, { user: user.name });
        else done(new Error('no'));
      },
      onRcptTo: ({ address }, _session, done) => {
        const refusal = options.recipient?.(address);
        done(refusal ? Object.assign(new Error(refusal.text), { responseCode: refusal.code }) : null);
      },
      onData: (stream, session, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({
            to: rcptTo.map(({ address }) => address),
            from: mailFrom ? mailFrom.address : '',
            user: typeof session.user === 'string' ? session.user : null,
            encrypted: session.secure,
            raw: Buffer.concat(parts).toString('utf8'),
          });
          setTimeout(done, slowMs);
        });
      },
    } satisfies SMTPServerOptions);
    // A connection that is cut off is the spec's own doing.
    this.server.on('error', () => undefined);
  }

  static async start(options: Options = {}): Promise<SmtpSink> {
    const sink = new SmtpSink(options);
    sink.server.listen(0, '127.0.0.1');
    await once(sink.server.server, 'listening');
    return sink;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    return new Promise((done) => this.server.close(done));
  }
}
