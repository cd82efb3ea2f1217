/**
 * The SSH File Transfer Protocol, version 3 (draft-ietf-secsh-filexfer-02), as far as it is used here, and OpenSSH's additions (its file
 * PROTOCOL, section 4). A packet is: length (uint32, of what follows), type (byte), then for all but INIT and VERSION an id (uint32).
 */
export const VERSION = 3;

export const REQUEST = {
  INIT: 1,
  OPEN: 3,
  CLOSE: 4,
  READ: 5,
  WRITE: 6,
  FSTAT: 8,
  FSETSTAT: 10,
  OPENDIR: 11,
  READDIR: 12,
  REMOVE: 13,
  MKDIR: 14,
  STAT: 17,
  RENAME: 18,
  EXTENDED: 200,
} as const;

export const ANSWER = {
  VERSION: 2,
  STATUS: 101,
  HANDLE: 102,
  DATA: 103,
  NAME: 104,
  ATTRS: 105,
  EXTENDED_REPLY: 201,
} as const;

export const STATUS = { OK: 0, EOF: 1, NO_SUCH_FILE: 2, PERMISSION_DENIED: 3, FAILURE: 4, BAD_MESSAGE: 5 } as const;

export const OPEN = { READ: 0x01, WRITE: 0x02, CREATE: 0x08, EXCLUSIVE: 0x20 } as const;

/** Which attributes are there. */
export const ATTRIBUTE = { SIZE: 0x01, IDS: 0x02, PERMISSIONS: 0x04, TIMES: 0x08, EXTENDED: 0x8000_0000 } as const;

export const EXTENSION = {
  RENAME_OVER: 'posix-rename@openssh.com',
  STORE: 'fsync@openssh.com',
  SPACE: 'statvfs@openssh.com',
} as const;

/** Largest packet taken, after its length: OpenSSH sends at most 256 KiB. */
export const LARGEST_PACKET = 256 * 1024;

/** The server answered what no server may answer: nothing more of this connection is believed. */
export class ProtocolViolation extends Error {
  override name = 'ProtocolViolation';
}

/** The server said no. */
export class SftpRefusal extends Error {
  override name = 'SftpRefusal';
  constructor(
    /** One of `STATUS`, or another number. */
    readonly code: number,
    text: string,
  ) {
    super(`status ${code}: ${text}`);
  }
}
