/** Letters that come later begin a new word. */
const PAUSE_MS = 800;

/** Finds names by the letters they begin with, as file managers do. */
export class TypeAhead {
  private word = '';
  private at = 0;

  /** A word is being typed: a space belongs to it. */
  get going(): boolean {
    return this.word !== '' && Date.now() - this.at < PAUSE_MS;
  }

  /** The index of the name to go to, from `current` on and round; undefined where none begins so. */
  find(letter: string, names: readonly string[], current: number): number | undefined {
    this.word = (this.going ? this.word : '') + letter.toLocaleLowerCase();
    this.at = Date.now();
    // One letter again and again goes through all that begin with it; a longer word stays where it fits.
    const start = this.word.length === letter.length ? current + 1 : current;
    for (let step = 0; step < names.length; step++) {
      const index = (start + step) % names.length;
      if (names[index].toLocaleLowerCase().startsWith(this.word)) return index;
    }
    return undefined;
  }
}
