import type { Request } from 'express';
import type { Person } from './person';
import { Standing } from './policy';

/** Who sends a request, as the access guard found out. */
export interface Visitor {
  standing: Standing;
  person: Person | null;
}

const visitors = new WeakMap<Request, Visitor>();

export function setVisitor(request: Request, visitor: Visitor): void {
  visitors.set(request, visitor);
}

export function visitorOf(request: Request): Visitor | undefined {
  return visitors.get(request);
}

/** Null before the access guard ran, and where nobody is signed in. */
export function personOf(request: Request): Person | null {
  return visitors.get(request)?.person ?? null;
}
