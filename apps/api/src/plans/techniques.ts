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

/** Every key under which a technique is known. */
export function keysOf({ id, name, terms }: Technique): string[] {
  return [...new Set([id, name, ...terms].map(termKey))];
}

/**
 * The techniques that the terms of a catalogue mean, each once, in the order of the table. A term that means nothing as
 * a whole is read as a list: catalogues join several by commas.
 */
export function recognise(table: readonly Technique[], terms: readonly string[]): Technique[] {
  const known = new Map(table.flatMap((technique) => keysOf(technique).map((key) => [key, technique])));
  const found = new Set(
    terms.flatMap((term) => {
      const whole = known.get(termKey(term));
      return whole ? [whole] : term.split(/[,;|]/).flatMap((part) => known.get(termKey(part)) ?? []);
    }),
  );
  return table.filter((technique) => found.has(technique));
}
