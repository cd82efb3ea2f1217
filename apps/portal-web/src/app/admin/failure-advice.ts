/** What helps where an image was not taken in, by the code of the reason; the reason itself is the api's sentence. */
const ADVICE: Readonly<Record<string, string>> = {
  NOT_A_FILE: 'Put the image itself into the folder, not a folder or a device.',
  IS_A_LINK: 'Copy the file there in place of the link.',
  EMPTY: 'Copy it again: nothing of it arrived.',
  UNREADABLE: 'Let the portal read it, for example with chmod a+r.',
  CHANGED: 'Wait until nothing writes to it any more, then try again.',
  UNKNOWN_FORMAT: 'Unpack it where it is an archive; convert it with qemu-img convert where it is of another format.',
  NAME_MISMATCH: 'Rename it to what it is, so that nobody takes it for something else.',
  UNKNOWN_VERSION: 'Convert it with a present qemu-img: qemu-img convert -O qcow2 OLD NEW.qcow2',
  UNKNOWN_FEATURE: 'Convert it without that feature: qemu-img convert -O qcow2 OLD NEW.qcow2',
  BACKING_FILE: 'Where you have both files: qemu-img convert -O qcow2 OLD NEW.qcow2 makes one of them.',
  DATA_FILE: 'Where you have both files: qemu-img convert -O qcow2 OLD NEW.qcow2 makes one of them.',
  NAMES_OTHER_FILE: 'Where you have all of them: qemu-img convert -O qcow2 OLD NEW.qcow2 makes one of them.',
  REMOTE_REFERENCE: 'Fetch what it names, and make one file of all.',
  PARENT_DISK: 'Merge it with its parent in the program that made it.',
  SEVERAL_FILES: 'qemu-img convert -O qcow2 OLD.vmdk NEW.qcow2 makes one file of all.',
  ENCRYPTED: 'Decrypt it first.',
  DIRTY: 'Shut its machine down properly, or run qemu-img check -r all on a copy.',
  CORRUPT: 'Copy it again, or take a backup.',
  TRUNCATED: 'Copy or upload it again.',
  ABSURD_SIZE: 'Nothing a person made looks like that: ask from where it came.',
  OUTSIDE_FILE: 'Copy it again, or take a backup.',
  TOO_LARGE: 'Make the disk smaller, or ask who runs the portal to allow more.',
  CHECK_FAILED: 'Run qemu-img check -r all on a copy, and register that.',
  TOO_COSTLY: 'Convert it with qemu-img convert -O qcow2 OLD NEW.qcow2, and register the result.',
  CONFINEMENT_UNAVAILABLE: 'The log of the portal says what is missing on the host.',
  NO_ROOM: 'Delete retired versions, or give the host more room; then try again.',
  SERVER_REFUSED: 'Look at the address in a browser that is not signed in anywhere.',
  SERVER_UNREACHABLE: 'Try again later.',
  CHECKSUM_MISMATCH: 'Compare the checksum with what the publisher says; fetch it anew.',
};

/** One or two sentences. */
export function adviceOf(code: string): string {
  return ADVICE[code] ?? 'Try again; where it stays, discard it and register another file.';
}
