/** A reason to stop that is the user's to mend; printed as one line, without a stack. */
export class BuildFailure extends Error {}

/** Turns what Node or a tool says about a full disk into the one sentence that helps; null for anything else. */
export function asDiskFull(text: string, folder: string): BuildFailure | null {
  return /ENOSPC|No space left on device|not enough free space|Could not allocate block/i.test(text)
    ? new BuildFailure(`the disk is full: free some space where ${folder} lies and try again`)
    : null;
}
