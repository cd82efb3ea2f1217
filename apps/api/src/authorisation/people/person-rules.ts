import type { AuthorisationSource, HeldRole, Role } from '@beamdesk/contracts';
import type { Person } from '../../auth/person';
import { rolesToGrant } from '../role-terms';

/** A role of somebody, as far as who may touch it goes by that. */
export interface Held {
  userId: string;
  role: Role;
  source: AuthorisationSource;
  state?: HeldRole['state'];
}

type Actor = Pick<Person, 'id' | 'roles'>;

/** Nobody their own; staff only USER, and not what a catalogue says: that shuts out somebody who has a proposal. */
export function mayEnd(person: Actor, { userId, role, source, state = 'current' }: Held): boolean {
  const mine = rolesToGrant(person).includes(role) && (source !== 'catalogue' || person.roles.includes('ADMIN'));
  return userId !== person.id && state === 'current' && mine;
}

/** What rests on a catalogue gets its end anew at each sign-in: nothing that anybody changes would last. */
export function mayChange(person: Actor, held: Held): boolean {
  return held.source !== 'catalogue' && mayEnd(person, held);
}
