import type { Role } from '@beamdesk/contracts';
import { SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

/**
 * Who may call a route. Each name includes the ones above it.
 * - `public`: anybody
 * - `signed-in`: somebody with a login session
 * - `authorised`: with at least one role that has not expired
 * - `accepted`: who also accepted the present Conditions of Usage
 * - `member`: same person-level check; the route names a proposal or an instance, and its service lets only members of that
 *   see it (anybody else: 404). Every route with such a parameter has this policy.
 * - `staff`: as `accepted`, with one of the roles STAFF, SUPPORT, ADMIN (anybody else: 403)
 * - `decider`: as `accepted`, with STAFF or ADMIN (anybody else: 403); where the route names something, its service shows
 *   staff only what concerns their beamlines (anything else: 404)
 * - `admin`: as `accepted`, with the role ADMIN (anybody else: 403)
 */
export type PolicyName = 'public' | 'signed-in' | 'authorised' | 'accepted' | 'member' | 'staff' | 'decider' | 'admin';

/** What the database knows about who is asking. */
export interface Standing {
  signedIn: boolean;
  authorised: boolean;
  conditionsAccepted: boolean;
}

export type Refusal = 'NOT_SIGNED_IN' | 'NOT_AUTHORISED' | 'CONDITIONS_NOT_ACCEPTED';

export const NOBODY: Readonly<Standing> = Object.freeze({ signedIn: false, authorised: false, conditionsAccepted: false });

const NEEDS: Record<PolicyName, readonly Refusal[]> = {
  public: [],
  'signed-in': ['NOT_SIGNED_IN'],
  authorised: ['NOT_SIGNED_IN', 'NOT_AUTHORISED'],
  accepted: ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED'],
  member: ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED'],
  staff: ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED'],
  decider: ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED'],
  admin: ['NOT_SIGNED_IN', 'NOT_AUTHORISED', 'CONDITIONS_NOT_ACCEPTED'],
};

/** Policies that also ask for one of these roles. */
const ROLES: Partial<Record<PolicyName, readonly Role[]>> = {
  staff: ['STAFF', 'SUPPORT', 'ADMIN'],
  decider: ['STAFF', 'ADMIN'],
  admin: ['ADMIN'],
};

const HOLDS: Record<Refusal, (standing: Standing) => boolean> = {
  NOT_SIGNED_IN: (standing) => standing.signedIn,
  NOT_AUTHORISED: (standing) => standing.authorised,
  CONDITIONS_NOT_ACCEPTED: (standing) => standing.conditionsAccepted,
};

/** What of the login session stands in the way: null = nothing, otherwise the first thing that is missing. */
export function decideAccess(policy: PolicyName, standing: Standing): Refusal | null {
  return NEEDS[policy].find((need) => !HOLDS[need](standing)) ?? null;
}

/** Whether today's roles suffice. */
export function hasRoleFor(policy: PolicyName, roles: readonly Role[]): boolean {
  return ROLES[policy]?.some((role) => roles.includes(role)) ?? true;
}

const POLICY = 'beamdesk:policy';

/** Names the policy of a route (or of all routes of a controller). A route without one is refused, and fails a spec. */
export const Policy = (name: PolicyName) => SetMetadata(POLICY, name);

/** The handler's own policy before its controller's. */
export function policyOf(reflector: Reflector, handler: object, controller: object): PolicyName | undefined {
  return reflector.getAllAndOverride<PolicyName | undefined>(POLICY, [handler as () => void, controller as () => void]);
}
