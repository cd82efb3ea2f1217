import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Config } from '../config';
import { fillBody, fillSubject, parseMailText, type MailText } from './mail-text';
import { COMMON_VALUES, MAIL_TEMPLATES, MAIL_VALUES, type MailTemplate } from './mail-values';

/** Beside the bundle, and in the sources. */
const BUILT_IN = [join(__dirname, 'mail'), join(__dirname, '../../mail')];

/** The templates of all mails: ours, or a site's own of the same name. Read and checked at boot. */
@Injectable()
export class MailTexts {
  private readonly texts: ReadonlyMap<MailTemplate, MailText>;

  /** @throws Error that names the file: one is missing, or names a value that its mail does not have */
  constructor(config: Config) {
    const folders = [...(config.mail?.templatesDir ? [config.mail.templatesDir] : []), ...BUILT_IN];
    this.texts = new Map(MAIL_TEMPLATES.map((name) => [name, read(name, folders)]));
  }

  fill(name: MailTemplate, values: Record<string, string>): { subject: string; body: string } {
    const text = this.texts.get(name);
    if (!text) throw new Error(`no mail is called ${name}`);
    return { subject: fillSubject(text.subject, values), body: fillBody(text.body, values) };
  }
}

function read(name: MailTemplate, folders: string[]): MailText {
  const file = folders.map((folder) => join(folder, `${name}.txt`)).find((path) => existsSync(path));
  if (!file) throw new Error(`the template ${name}.txt of a mail is missing in ${folders.join(', ')}`);
  return parseMailText(readFileSync(file, 'utf8'), file, [...MAIL_VALUES[name], ...COMMON_VALUES]);
}
