/** One Guacamole instruction: opcode, then arguments. */
export type Instruction = readonly [opcode: string, ...values: string[]];

/**
 * The instructions of one websocket frame, which holds whole ones only. Lengths count Unicode code points.
 * @throws Error where the text is no instruction, with the place
 */
export function readInstructions(frame: string): Instruction[] {
  const instructions: Instruction[] = [];
  let elements: string[] = [];
  for (let at = 0; at < frame.length;) {
    const dot = frame.indexOf('.', at);
    const length = dot < 0 ? '' : frame.slice(at, dot);
    if (!/^\d{1,7}$/.test(length)) throw new Error(`no Guacamole instruction at ${at}`);
    const end = afterCodePoints(frame, dot + 1, Number(length));
    elements.push(frame.slice(dot + 1, end));
    const mark = frame[end];
    if (mark === ';') {
      instructions.push(elements as [string, ...string[]]);
      elements = [];
    } else if (mark !== ',') throw new Error(`no Guacamole instruction at ${end}`);
    at = end + 1;
  }
  if (elements.length > 0) throw new Error('the frame ends within an instruction');
  return instructions;
}

export function writeInstruction(...elements: Instruction): string {
  return `${elements.map((element) => `${[...element].length}.${element}`).join(',')};`;
}

/** Index after so many code points from `start`: one that needs two UTF-16 units counts once. */
function afterCodePoints(text: string, start: number, count: number): number {
  let end = start + count;
  for (let at = start; at < end && at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit < 0xdc00) {
      at++;
      end++;
    }
  }
  return end;
}

/** Watches what guacd draws for the first image on layer 0, the one that users see. */
export class PictureWatch {
  private readonly streams = new Set<string>();

  /** True for the instruction that completes an image there: the end of its stream. */
  completes([opcode, ...values]: Instruction): boolean {
    if (opcode === 'img') {
      const [stream = '', , layer] = values;
      if (layer === '0') this.streams.add(stream);
      else this.streams.delete(stream);
    }
    return opcode === 'end' && this.streams.delete(values[0] ?? '');
  }
}
