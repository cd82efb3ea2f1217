import { SentTexts } from './sent-texts';

describe('SentTexts', () => {
  let now = 1_000_000;
  beforeEach(() => jest.spyOn(Date, 'now').mockImplementation(() => now));
  afterEach(() => jest.restoreAllMocks());

  it('knows the echo of what was sent, for every session that hears it', () => {
    const sent = new SentTexts();
    sent.note('one');
    sent.note('two');
    expect(['one', 'one', 'two', 'two'].map((text) => sent.isEcho(text))).toEqual([true, true, true, true]);
  });

  it('takes the same text for a copy once something else was copied', () => {
    const sent = new SentTexts();
    sent.note('one');
    expect(sent.isEcho('other')).toBe(false);
    expect(sent.isEcho('one')).toBe(false);
  });

  it('takes the same text for a copy after 5 s', () => {
    const sent = new SentTexts();
    sent.note('one');
    now += 4_999;
    expect(sent.isEcho('one')).toBe(true);
    now += 1;
    expect(sent.isEcho('one')).toBe(false);
  });
});
