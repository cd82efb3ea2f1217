/** One mail as it goes out. */
export interface Letter {
  /** The same at every try: who gets it twice can tell (RFC 5322, 3.6.4). With its angle brackets. */
  messageId: string;
  to: { name: string; address: string };
  subject: string;
  /** Plain text. */
  text: string;
}

/** The way out for mails. */
export abstract class Mailer {
  /**
   * Resolves when the mail server took it.
   * @throws MailRefused: another try would end the same; any other error: perhaps not
   */
  abstract send(letter: Letter): Promise<void>;

  abstract close(): void;
}

/** The mail server will never take this one (a reply 5yz of RFC 5321 to the mail itself). */
export class MailRefused extends Error {
  constructor(readonly status: number | null) {
    super(`the mail server refused it${status === null ? '' : ` (${status})`}`);
    this.name = 'MailRefused';
  }
}
