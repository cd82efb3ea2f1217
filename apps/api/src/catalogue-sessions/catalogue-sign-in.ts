import type { IcatAuthenticator, IcatLogin, OpenedSession } from '@beamdesk/catalogue';
import { CatalogueUnavailable } from '@beamdesk/catalogue';
import type { CatalogueSignInOrder, CatalogueSignInsView, CatalogueSignInView } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type CatalogueDoor, CatalogueDoors } from '../adapters/catalogues/catalogue-doors';
import { CatalogueAuthorisation } from '../authorisation/catalogue-authorisation';
import { CatalogueCopies } from '../catalogue-copy/catalogue-copies';
import { ApiError, badRequest, notFound } from '../http/api-error';
import { CatalogueAccountLink } from './catalogue-account-link';
import { KeptCatalogueSessions } from './kept-catalogue-sessions';

/**
 * People sign in to a catalogue with their own account there: what they type goes to the catalogue once, and only the id of the
 * session it opens is kept. The session must be of the account that this portal knows the person by.
 */
@Injectable()
export class CatalogueSignIn {
  private readonly log = new Logger('CatalogueSignIn');

  constructor(
    private readonly dataSource: DataSource,
    private readonly doors: CatalogueDoors,
    private readonly kept: KeptCatalogueSessions,
    private readonly accounts: CatalogueAccountLink,
    private readonly copies: CatalogueCopies,
    private readonly authorisation: CatalogueAuthorisation,
  ) {}

  async view(userId: string): Promise<CatalogueSignInsView> {
    const held = new Map((await this.kept.heldBy(userId)).map(({ catalogue, account }) => [catalogue, account]));
    const catalogues = this.doors.all.map(async (one): Promise<CatalogueSignInView> => {
      const found = await this.authenticators(one).catch(notAsked);
      return {
        catalogue: one.catalogue,
        signedInAs: held.get(one.catalogue) ?? null,
        authenticators: found && found.map(({ mnemonic, label, fields }) => ({ id: mnemonic, label, fields })),
      };
    });
    return { catalogues: await Promise.all(catalogues) };
  }

  /** Ids of catalogues that answer this person only once they have signed in there. */
  async wanted(userId: string): Promise<string[]> {
    if (this.doors.all.length === 0) return [];
    const held = new Set((await this.kept.heldBy(userId)).map(({ catalogue }) => catalogue));
    return this.doors.all.map(({ catalogue }) => catalogue).filter((catalogue) => !held.has(catalogue));
  }

  /** @throws ApiError 404 no such catalogue, 400 other fields, 403 not let in there, 409 another account; CatalogueUnavailable */
  async signIn(userId: string, { catalogue, authenticator, fields }: CatalogueSignInOrder): Promise<void> {
    const door = this.doors.find(catalogue);
    if (!door) throw notFound();
    const login = loginOf(await this.authenticators(door), authenticator, new Map(Object.entries(fields)));
    const opened = await door.door.open(login);
    if (!opened) throw refused(catalogue);
    const replaced = await this.keep(userId, door, opened);
    if (replaced !== null) await this.endThere(door, replaced);
    this.log.log(`${userId} signed in to '${catalogue}'`);
    await Promise.all([
      this.copies.renew([{ catalogue, name: opened.user, groups: [] }], 0),
      this.authorisation.settle(userId),
    ]);
  }

  /** Nothing to end is no fault. @throws CatalogueUnavailable: the session is kept, and ended later */
  async end(userId: string, catalogue: string): Promise<void> {
    const door = this.doors.find(catalogue);
    const row = door && (await this.kept.ofUser(userId, catalogue));
    if (!door || !row) return;
    const id = this.kept.open(row);
    if (id !== null) await door.door.end(id);
    await this.kept.drop(row);
  }

  private async authenticators({ door, plugin }: CatalogueDoor): Promise<IcatAuthenticator[]> {
    const all = await door.authenticators();
    return plugin === null ? all : all.filter(({ mnemonic }) => mnemonic === plugin);
  }

  /** A session that must not be kept ends there too. @returns the id of the one it takes the place of */
  private async keep(userId: string, door: CatalogueDoor, opened: OpenedSession): Promise<string | null> {
    try {
      return await this.dataSource.transaction(async (manager) => {
        await this.accounts.require(manager, userId, door.catalogue, opened.user);
        return this.kept.put(manager, userId, door.catalogue, opened);
      });
    } catch (error) {
      await this.endThere(door, opened.id);
      throw error;
    }
  }

  private async endThere({ door, catalogue }: CatalogueDoor, id: string): Promise<void> {
    await door.end(id).catch((error: unknown) => {
      if (!(error instanceof CatalogueUnavailable)) throw error;
      this.log.warn(`a session at '${catalogue}' is left to end by itself: ${error.reason}: ${error.detail}`);
    });
  }
}

function notAsked(error: unknown): null {
  if (error instanceof CatalogueUnavailable) return null;
  throw error;
}

/** @throws ApiError 400: not one of its authenticators, or not exactly its fields */
function loginOf(all: IcatAuthenticator[], mnemonic: string, given: ReadonlyMap<string, string>): IcatLogin {
  const found = all.find((one) => one.mnemonic === mnemonic);
  const names = found?.fields.map(({ name }) => name) ?? [];
  const values = names.flatMap((name) => given.get(name) ?? []);
  if (!found || values.length !== names.length || given.size !== names.length) {
    throw badRequest([], 'These are not the fields that the catalogue asks for. Reload the page.');
  }
  return { plugin: mnemonic, credentials: names.map((name) => ({ [name]: given.get(name) ?? '' })) };
}

function refused(catalogue: string): ApiError {
  const message = 'The catalogue did not accept these. Check them and try again.';
  return new ApiError(403, 'CATALOGUE_LOGIN_REFUSED', message, { catalogue });
}
