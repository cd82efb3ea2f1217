/** A run of text inside a block. */
export type Inline = { readonly kind: 'text' | 'strong' | 'em' | 'code'; readonly text: string } | LinkRun;
interface LinkRun {
  readonly kind: 'link';
  readonly text: string;
  readonly href: string;
}

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly runs: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly runs: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] };

const HEADING = /^(#{1,4})\s+(.+)$/;
const ITEM = /^\s*(?:[-*]|(\d+)[.)])\s+(.+)$/;
const INLINE =
  /\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|`([^`]+)`|\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)|(https?:\/\/[^\s<>]*[^\s<>.,;:!?)])/g;

/**
 * The little of Markdown that a text of conditions needs: headings, paragraphs, flat lists, strong, emphasis, code and
 * http(s) links. The result is data for a template, never HTML, so nothing in the text can act.
 */
export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  let list: { ordered: boolean; items: string[] } | undefined;
  const flush = () => {
    if (paragraph.length > 0) blocks.push({ kind: 'paragraph', runs: inline(paragraph.join(' ')) });
    if (list) blocks.push({ kind: 'list', ordered: list.ordered, items: list.items.map(inline) });
    paragraph = [];
    list = undefined;
  };
  for (const line of source.split(/\r?\n/)) {
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    if (heading) {
      flush();
      blocks.push({ kind: 'heading', level: heading[1].length, runs: inline(heading[2].trim()) });
    } else if (item) {
      const ordered = item[1] !== undefined;
      if (list === undefined || list.ordered !== ordered) {
        flush();
        list = { ordered, items: [] };
      }
      list.items.push(item[2].trim());
    } else if (line.trim() === '') {
      flush();
    } else if (list) {
      list.items.push(`${list.items.pop() ?? ''} ${line.trim()}`.trim());
    } else {
      paragraph.push(line.trim());
    }
  }
  flush();
  return blocks;
}

function inline(text: string): Inline[] {
  const runs: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) runs.push({ kind: 'text', text: text.slice(end, match.index) });
    const [whole, strong, em, code, label, href, bare] = match;
    if (strong !== undefined) runs.push({ kind: 'strong', text: strong });
    else if (em !== undefined) runs.push({ kind: 'em', text: em });
    else if (code !== undefined) runs.push({ kind: 'code', text: code });
    else runs.push({ kind: 'link', text: label ?? bare, href: href ?? bare });
    end = match.index + whole.length;
  }
  if (end < text.length) runs.push({ kind: 'text', text: text.slice(end) });
  return runs;
}
