/** A template: its first line `Subject: …`, an empty one, and the text. `{{value}}` stands for a value. */
export interface MailText {
  subject: string;
  body: string;
}

const PLACE = /\{\{(\w+)\}\}/g;
const SUBJECT_MAX = 200;

/** @throws Error that names the file: no subject, or a value that this mail does not have */
export function parseMailText(text: string, file: string, values: readonly string[]): MailText {
  const [, subject, body] = /^Subject: (\S.*)\r?\n\r?\n([^]*\S)\s*$/.exec(text) ?? [];
  if (!subject || !body) throw new Error(`${file}: must begin with 'Subject: …' and an empty line, and go on with text`);
  for (const [, name] of text.matchAll(PLACE)) {
    if (!values.includes(name ?? '')) {
      throw new Error(`${file}: {{${name}}} is no value of this mail; it has ${values.join(', ')}`);
    }
  }
  return { subject, body: `${body.replaceAll('\r\n', '\n')}\n` };
}

/** One line whatever the values hold: a line break would begin another header (RFC 5322, 2.2). */
export function fillSubject(subject: string, values: Record<string, string>): string {
  return fill(subject, values)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .slice(0, SUBJECT_MAX);
}

/** Values are plain text and are not looked into again; of control characters only line breaks and tabs stay. */
export function fillBody(body: string, values: Record<string, string>): string {
  return fill(body, values)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(PLACE, (_place, name: string) => values[name] ?? '');
}
