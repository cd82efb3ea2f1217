import { foldText } from '@beamdesk/catalogue';

/** A way of measuring that plans can be offered for, and what catalogues call it. */
export interface Technique {
  id: string;
  /** As within a sentence: "diffraction", "X-ray fluorescence". */
  name: string;
  /** PaN terms (`http://purl.org/pan-science/PaNET/PaNET01216`) and free text. Its id and name count as terms too. */
  terms: readonly string[];
}

/** The number of a term of the PaN experimental techniques ontology, however the catalogue writes its address. */
const PANET = /(?:^|[/:#_])(panet\d{5})$/;

/**
 * What two spellings of a term have in common: case, accents, hyphens and spaces do not count, nor what stands before
 * the number of a PaNET id. Empty: nothing that could be compared.
 */
export function termKey(term: string): string {
  const folded = foldText(term).trim();
  const id = PANET.exec(folded)?.[1];
  return id ?? folded.replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

/** Tables are read once and asked for every row of a page. */
const byKey = new WeakMap<readonly Technique[], ReadonlyMap<string, Technique>>();

function indexOf(table: readonly Technique[]): ReadonlyMap<string, Technique> {
  const present = byKey.get(table);
  if (present) return present;
  const index = new Map(
    table.flatMap((technique) => {
      const { id, name, terms } = technique;
      return [id, name, ...terms].map((term) => [termKey(term), technique] as const);
    }),
  );
  byKey.set(table, index);
  return index;
}

/**
 * The techniques that the terms of a catalogue mean, each once, in the order of the table. A term that means nothing as
 * a whole is read as a list: catalogues join several by commas.
 * @param table never changed after its first use
 */
export function recognise(table: readonly Technique[], terms: readonly string[]): Technique[] {
  const known = indexOf(table);
  const found = new Set(
    terms.flatMap((term) => {
      const whole = known.get(termKey(term));
      return whole ? [whole] : term.split(/[,;|]/).flatMap((part) => known.get(termKey(part)) ?? []);
    }),
  );
  return table.filter((technique) => found.has(technique));
}
