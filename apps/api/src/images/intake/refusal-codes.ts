/**
 * Why a file does not become an image: the stable code and the sentence for the person who gave it. The particulars of one file are in the
 * error's `detail`. Told to people in docs/reference/image-files.md.
 */
export const refusals = {
  // The file itself, before anything is read of it.
  NOT_A_FILE: 'This is not an ordinary file.',
  IS_A_LINK: 'This is a link to another file. Name the file itself.',
  EMPTY: 'This file is empty.',
  UNREADABLE: 'This file cannot be read by the portal.',
  CHANGED: 'This file changed while it was looked at.',
  // What it is.
  UNKNOWN_FORMAT: 'This is no disk image the portal knows: qcow2, raw, VDI, VMDK, VHD, VHDX or ISO.',
  NAME_MISMATCH: 'The name of this file says another format than its content.',
  UNKNOWN_VERSION: 'This image is of a version of its format that the portal does not know.',
  UNKNOWN_FEATURE: 'This image uses a feature of its format that the portal does not know.',
  // What it names besides itself.
  BACKING_FILE: 'This image is only the difference to another file. Merge the two first.',
  DATA_FILE: 'This image keeps its data in another file. Merge the two first.',
  NAMES_OTHER_FILE: 'This image names other files. Only images in one file are taken.',
  REMOTE_REFERENCE: 'This image names something to be fetched or opened elsewhere. Only images in one file are taken.',
  PARENT_DISK: 'This is a differencing disk, which is nothing without its parent. Merge the two first.',
  SEVERAL_FILES: 'This disk is spread over several files. Only images in one file are taken.',
  // What state it is in.
  ENCRYPTED: 'This image is encrypted.',
  DIRTY: 'This image was not closed properly. Repair it first, e.g. with qemu-img check -r all.',
  CORRUPT: 'This image is damaged.',
  TRUNCATED: 'This file ends before the image does: the copy is not complete.',
  ABSURD_SIZE: 'The sizes in this image make no sense.',
  OUTSIDE_FILE: 'This image says that parts of it lie where its file has none.',
  TOO_LARGE: 'This image is larger than this site takes.',
  // The second look and the conversion, by QEMU, confined.
  QEMU_DISAGREES: 'QEMU reads this image differently from what its header says.',
  CHECK_FAILED: 'The check of this image found errors.',
  TOO_COSTLY: 'Looking at this image took more time or memory than one image is given.',
  CONVERT_FAILED: 'This image could not be converted.',
  // This host.
  CONFINEMENT_UNAVAILABLE: 'This host offers no way to open images safely, so none are taken. Tell the administrators of the site.',
  NO_ROOM: 'There is not enough room on the disk for this image.',
  // Fetching from a URL.
  URL_NOT_ALLOWED: 'Images are not fetched from this address. Ask which servers this site allows.',
  ADDRESS_NOT_ALLOWED: 'The server of this address is not on the public internet, so nothing is fetched from it.',
  TOO_MANY_REDIRECTS: 'The server sends from one address to the next without end.',
  HOST_UNKNOWN: 'There is no server of this name.',
  SERVER_REFUSED: 'The server does not give this file.',
  SERVER_UNREACHABLE: 'The server does not answer, or broke off too often.',
  SERVER_UNTRUSTED: 'The certificate of the server does not hold, so nothing is fetched from it.',
  CHECKSUM_MISMATCH: 'What the server gave is not what the checksum says.',
} as const;

export type RefusalCode = keyof typeof refusals;

export const refusalCodes = Object.keys(refusals) as [RefusalCode, ...RefusalCode[]];
