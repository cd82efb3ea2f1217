import { fillBody, fillSubject, parseMailText } from './mail-text';

describe('the text of a mail', () => {
  it('has its subject in the first line', () => {
    expect(parseMailText('Subject: {{a}} b\n\nDear {{a}},\n\nyes\n\n', 'f', ['a'])).toEqual({
      subject: '{{a}} b',
      body: 'Dear {{a}},\n\nyes\n',
    });
  });

  it.each(['', 'Dear all', 'Subject: x', 'Subject: x\nno empty line', 'Subject: \n\ntext', 'Subject: x\n\n  \n'])(
    'is refused without subject or text: %p',
    (text) => expect(() => parseMailText(text, 'a.txt', [])).toThrow(/^a\.txt: must begin/),
  );

  it('is refused where it names a value that this mail does not have', () =>
    expect(() => parseMailText('Subject: x\n\n{{link}}', 'a.txt', ['name'])).toThrow('{{link}} is no value of this mail'));

  it.each(['a\r\nBcc: eve@evil.example', 'a\nBcc: x', 'a\u2028Bcc: x', 'a\0b', 'a\u0085b'])(
    'has a subject of one line whatever %j is',
    (name) => expect(fillSubject('To {{name}}!', { name })).toMatch(/^To a [ -~]*!$/),
  );

  it('keeps a subject short', () => expect(fillSubject('{{name}}', { name: 'x'.repeat(999) })).toHaveLength(200));

  it('takes values as they are: nothing in them is looked into again', () => {
    const body = fillBody('{{name}} {{answer}} {{name}}', { name: '{{answer}} $& ${x}', answer: 'no\r\n\tway\u0007' });
    expect(body).toBe('{{answer}} $& ${x} no\n\tway {{answer}} $& ${x}');
  });
});
