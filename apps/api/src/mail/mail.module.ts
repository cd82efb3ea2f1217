import { Global, Module } from '@nestjs/common';
import { Config } from '../config';
import { Mail } from './mail';
import { MailKeeper } from './mail-keeper';
import { MailOutbox } from './mail-outbox';
import { MailTexts } from './mail-texts';
import { Mailer } from './mailer';
import { NoMailer } from './no-mailer';
import { SmtpMailer } from './smtp-mailer';

/** Mails. Global: whatever has something to tell a person queues it in its own transaction. */
@Global()
@Module({
  providers: [
    Mail,
    MailTexts,
    MailOutbox,
    MailKeeper,
    {
      provide: Mailer,
      inject: [Config],
      useFactory: ({ mail }: Config) => (mail ? new SmtpMailer(mail) : new NoMailer()),
    },
  ],
  exports: [Mail],
})
export class MailModule {}
