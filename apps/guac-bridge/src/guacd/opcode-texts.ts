const SLOTS = 256;
const texts: string[] = Array.from({ length: SLOTS }, () => '');

/** The text of an opcode. There are few, so that nearly all are at hand: making a string of bytes costs ten times more. */
export function opcodeText(piece: Buffer, from: number, to: number): string {
  const slot = (piece[from] * 31 + piece[to - 1] * 7 + to - from) % SLOTS;
  const text = texts[slot];
  if (isText(text, piece, from, to)) {
    return text;
  }
  texts[slot] = piece.toString('latin1', from, to);
  return texts[slot];
}

function isText(text: string, piece: Buffer, from: number, to: number): boolean {
  if (text.length !== to - from) {
    return false;
  }
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) !== piece[from + at]) {
      return false;
    }
  }
  return true;
}
