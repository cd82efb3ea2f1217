import { Beamline } from '../proposal';

/** Beamlines by the name of their instrument in the catalogue. */
export type BeamlineTable = Record<string, Beamline>;

/** Of a visit whose instrument nobody named. Its id is empty, so that no path rule can make a folder of it. */
export const NO_BEAMLINE: Beamline = { id: '', name: 'Beamline not known', technique: '' };

export class Beamlines {
  private readonly byName: Map<string, Beamline>;

  constructor(table: BeamlineTable) {
    this.byName = new Map(Object.entries(table).map(([name, beamline]) => [fold(name), beamline]));
  }

  /** As `of`, for one that goes by several names, the best first. */
  ofAny(names: string[]): Beamline {
    const known = names.find((name) => this.byName.has(fold(name)));
    return this.of(known ?? names[0] ?? '');
  }

  /** An instrument the table does not name becomes a beamline of its own, for which no plan is on offer. */
  of(instrument: string, fullName?: string | null): Beamline {
    const known = this.byName.get(fold(instrument));
    return known ?? { id: slug(instrument), name: fullName?.trim() || instrument, technique: '' };
  }
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}

/** "ID 11/Diff" → "id-11-diff": what path rules and plans can name. */
function slug(name: string): string {
  return fold(name)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
}
