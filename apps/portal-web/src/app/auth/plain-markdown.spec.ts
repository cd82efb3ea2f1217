import { parseMarkdown } from './plain-markdown';

describe('parseMarkdown', () => {
  it('knows headings, paragraphs over several lines, and both kinds of lists', () => {
    const blocks = parseMarkdown('# Title\nfirst\nline\n\n- a\n  more of a\n* b\n\n1. x\n2) y\n\nend');
    expect(blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'list', 'paragraph']);
    expect(blocks[1]).toEqual({ kind: 'paragraph', runs: [{ kind: 'text', text: 'first line' }] });
    expect(blocks[2]).toMatchObject({ ordered: false, items: [[{ text: 'a more of a' }], [{ text: 'b' }]] });
    expect(blocks[3]).toMatchObject({ ordered: true, items: [[{ text: 'x' }], [{ text: 'y' }]] });
  });

  it('knows strong, emphasis, code and links, and leaves the full stop outside', () => {
    const [block] = parseMarkdown('A **b** *c* `d` [e](https://e.example/x) https://f.example/g.');
    expect(block).toEqual({
      kind: 'paragraph',
      runs: [
        { kind: 'text', text: 'A ' },
        { kind: 'strong', text: 'b' },
        { kind: 'text', text: ' ' },
        { kind: 'em', text: 'c' },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'd' },
        { kind: 'text', text: ' ' },
        { kind: 'link', text: 'e', href: 'https://e.example/x' },
        { kind: 'text', text: ' ' },
        { kind: 'link', text: 'https://f.example/g', href: 'https://f.example/g' },
        { kind: 'text', text: '.' },
      ],
    });
  });

  it.each(['[x](javascript:alert(1))', '<script>alert(1)</script>', '[x](data:text/html,y)'])(
    'leaves %s as plain text',
    (text) => {
      const [block] = parseMarkdown(text);
      expect(block).toEqual({ kind: 'paragraph', runs: [{ kind: 'text', text }] });
    },
  );
});
