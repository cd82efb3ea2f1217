import { createTransport, type Transporter } from 'nodemailer';
import type { MailSettings } from '../config';
import { type Letter, Mailer, MailRefused } from './mailer';

/** Milliseconds until a mail server counts as not answering. */
export interface SmtpTimes {
  connectMs: number;
  /** Without a word from it. */
  silenceMs: number;
  /** For one mail from beginning to end. */
  wholeMs: number;
}

const TIMES: SmtpTimes = { connectMs: 15_000, silenceMs: 30_000, wholeMs: 120_000 };

/** SMTP (RFC 5321) with TLS from the start or by STARTTLS (RFC 3207); without it only on this very machine. */
export class SmtpMailer extends Mailer {
  private readonly transport: Transporter;

  constructor(
    private readonly settings: MailSettings,
    private readonly times: SmtpTimes = TIMES,
  ) {
    super();
    const { host, port, security, user, password, ca, publicHost } = settings;
    this.transport = createTransport({
      host,
      port,
      name: publicHost,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls: { minVersion: 'TLSv1.2', ...(ca && { ca }) },
      ...(user !== null && { auth: { user, pass: password?.reveal() ?? '' } }),
      connectionTimeout: times.connectMs,
      greetingTimeout: times.connectMs,
      socketTimeout: times.silenceMs,
      // Nothing of a mail may lead to a file or an address.
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
    });
  }

  async send({ messageId, to, subject, text }: Letter): Promise<void> {
    const from = this.settings.from;
    const mail = {
      ...{ messageId, from, to, subject, text },
      // Nobody's automatic answer is wanted (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
    };
    try {
      await this.within(this.transport.sendMail(mail));
    } catch (error) {
      throw readable(error);
    }
  }

  close(): void {
    this.transport.close();
  }

  /** A server that goes on with a word now and then ends nothing by silence. */
  private async within<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the mail server takes too long')), this.times.wholeMs);
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Without what the server says: it may repeat an address, or what it was told. */
function readable(error: unknown): Error {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number };
  const ofTheMail = /^(MAIL FROM|RCPT TO|DATA)$/.test(command ?? '');
  if (ofTheMail && responseCode !== undefined && responseCode >= 500) return new MailRefused(responseCode);
  const said = [code, command, responseCode].filter((part) => part !== undefined).join(' ');
  return new Error(said || (error instanceof Error ? error.message : 'not sent'));
}
