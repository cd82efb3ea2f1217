import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server of this machine that keeps what it gets. */
export class Mailbox {
  private readonly mails: { to: string; text: string }[] = [];
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const text = readable(Buffer.concat(parts).toString('utf8'));
        for (const { address } of envelope.rcptTo) this.mails.push({ to: address, text });
        done();
      });
    },
  });

  static async open(): Promise<Mailbox> {
    const mailbox = new Mailbox();
    mailbox.server.listen(0, '127.0.0.1');
    await once(mailbox.server.server, 'listening');
    return mailbox;
  }

  /** Settings of a portal that sends its mails here. */
  get env(): Record<string, string> {
    const { port } = this.server.server.address() as AddressInfo;
    return { SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: 'Lumina <desk@lumina.example>' };
  }

  /** Header and text of each. */
  to(address: string): string[] {
    return this.mails.filter((mail) => mail.to === address).map(({ text }) => text);
  }

  close(): Promise<void> {
    return new Promise((done) => this.server.close(done));
  }
}

/** Quoted-printable (RFC 2045, 6.7) as it was before, as far as it is ASCII. */
function readable(raw: string): string {
  return raw
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));
}
