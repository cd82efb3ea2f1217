/** Whose limits stand: a person, everybody of a proposal, everybody who counts for a beamline, or all together. */
export type SubjectKind = 'user' | 'proposal' | 'beamline' | 'site';

/** In the order in which they are locked and named. */
export const SUBJECT_KINDS: readonly SubjectKind[] = ['user', 'proposal', 'beamline', 'site'];

export interface Subject {
  kind: SubjectKind;
  /** `user_account.id`, proposal key, beamline id, or `site`. */
  id: string;
}

export const SITE_SUBJECT: Readonly<Subject> = Object.freeze({ kind: 'site', id: 'site' });
