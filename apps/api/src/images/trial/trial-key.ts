/** The service of a version that an admin tries; never one that a plan starts. */
export const TRIAL = 'trial';

/** Stands where other instances have the key of a proposal; no catalogue is called so, and no proposal key begins like this. */
export function trialKey(imageId: string, version: number): string {
  return `trial:${imageId}:${version}`;
}
