import { type Letter, Mailer, MailRefused } from './mailer';

/** Where no mail server is configured: sends nothing, and says so. */
export class NoMailer extends Mailer {
  send(_letter: Letter): Promise<void> {
    return Promise.reject(new MailRefused(null));
  }

  close(): void {
    // Nothing is open.
  }
}
