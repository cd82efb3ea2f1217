import { HTTP_LIMITS, IcatDoor } from '@beamdesk/catalogue';
import { Injectable } from '@nestjs/common';
import { CatalogueEntries } from './catalogue-entries';
import type { CatalogueEntry } from './catalogues-schema';

type Icat = Extract<CatalogueEntry, { kind: 'icat' }>;

/** Where people sign in to a catalogue themselves. */
export interface CatalogueDoor {
  catalogue: string;
  door: IcatDoor;
  /** The only authenticator that counts; null: every one the catalogue offers. */
  plugin: string | null;
}

/** The catalogues that ask each person for a session of their own (`session: own`). */
@Injectable()
export class CatalogueDoors {
  readonly all: readonly CatalogueDoor[];

  constructor(entries: CatalogueEntries) {
    this.all = entries.all.filter(asksEach).map(({ id, url, plugin, timeoutSeconds }) => ({
      catalogue: id,
      door: new IcatDoor(url, { ...HTTP_LIMITS, timeoutMs: timeoutSeconds * 1000 }),
      plugin: plugin ?? null,
    }));
  }

  /** Null: unknown, or not one that people sign in to. */
  find(catalogue: string): CatalogueDoor | null {
    return this.all.find((one) => one.catalogue === catalogue) ?? null;
  }
}

function asksEach(entry: CatalogueEntry): entry is Icat {
  return entry.kind === 'icat' && entry.session === 'own';
}
