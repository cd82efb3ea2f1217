import type { AuditEntryView, AuditKind } from '@beamdesk/contracts';
import { ROLE_NAMES } from './decision-words';

const WORDS: Record<AuditKind, string> = {
  'identity-linked': 'Another way to sign in',
  'identity-unlinked': 'A way to sign in taken away',
  'local-account': 'Local account',
  'invitation-made': 'Invitation made',
  'invitation-withdrawn': 'Invitation withdrawn',
  'sign-in': 'Signed in',
  'sign-out': 'Signed out',
  'role-granted': 'Role granted',
  'role-changed': 'Role changed',
  'role-ended': 'Role ended',
  'request-made': 'Asked to be let in',
  'request-withdrawn': 'Withdrew the request',
  'request-granted': 'Request granted',
  'request-refused': 'Request refused',
  'catalogue-linked': 'Proved an account at a catalogue',
  'invitation-accepted': 'Accepted an invitation',
  'quota-request-made': 'Asked for more quota or a longer life',
  'quota-request-withdrawn': 'Withdrew that request',
  'quota-request-granted': 'That request granted',
  'quota-request-refused': 'That request refused',
  'quota-changed': 'Limits changed',
  'quota-ended': 'Changed limits ended',
  'desktop-launched': 'Desktop launched',
  'desktop-stopped': 'Desktop stopped',
  'desktop-deleted': 'Desktop deleted',
  'desktop-extended': 'Desktop extended',
  'desktop-message': 'Message to a desktop',
  'session-opened': 'Connected to a desktop',
  'host-drained': 'Host drained',
  'host-undrained': 'Host takes launches again',
  'announcement-made': 'Announcement made',
  'announcement-changed': 'Announcement changed',
  'announcement-ended': 'Announcement ended',
  'image-made': 'Image made',
  'image-changed': 'Image changed',
  'image-deleted': 'Image deleted',
  'image-version': 'Version of an image',
  'flavour-changed': 'Flavour changed',
  'plan-changed': 'Plan changed',
};

const word = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What was done, in a few words. */
export function auditTitle({ kind, details }: Pick<AuditEntryView, 'kind' | 'details'>): string {
  // The api may be newer than this page.
  const known: Partial<Record<string, string>> = WORDS;
  const title = known[kind] ?? `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`.replaceAll('-', ' ');
  const role = Object.entries(ROLE_NAMES).find(([name]) => name === details['role'])?.[1];
  return role === undefined ? title : `${title}: ${role}`;
}

/** By whom, where that is somebody else; '' where the person did it. */
export function auditActor({ actor, subject }: Pick<AuditEntryView, 'actor' | 'subject'>): string {
  if (actor === null) return 'by the portal';
  return actor.id === subject?.id ? '' : `by ${actor.name ?? 'somebody whose account is gone'}`;
}

/** Why, or with which words, or by which login; undefined: nothing more is known. */
export function auditNote({ details }: Pick<AuditEntryView, 'details'>): string | undefined {
  const login = word(details['subject']);
  return word(details['reason']) ?? word(details['text']) ?? (login && `as ${login}`);
}

/** The end that a role got, ISO 8601; undefined: none, or it is not about that. */
export function auditUntil({ kind, details }: Pick<AuditEntryView, 'kind' | 'details'>): string | undefined {
  return kind === 'role-granted' || kind === 'role-changed' ? word(details['until']) : undefined;
}

/** Everything that is written down, by its words. */
export const AUDIT_KINDS: readonly { id: string; label: string }[] = Object.entries(WORDS)
  .map(([id, label]) => ({ id, label }))
  .sort((a, b) => a.label.localeCompare(b.label));
