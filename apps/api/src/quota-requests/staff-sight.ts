import { SEEN } from '../authorisation/decider-sight';

/**
 * SQL: whether the request `r` of the person `u` is for whom `$1` (beamlines) and `$2` (self) describe. What is asked for a proposal
 * or a desktop is for the staff of its beamlines; what a person asks for themself, for those who see this person.
 */
export const FOR_STAFF = `($1::text[] IS NULL OR r.beamlines && $1 OR (r.subject = '' AND ${SEEN}))`;
