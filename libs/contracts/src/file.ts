import { z } from 'zod';

/**
 * Files of a running desktop, below `/api/instances/:id/files`. Paths are absolute paths in the guest, at or below one of the
 * places: no NUL, no empty, `.` or `..` segment, at most 4096 bytes of UTF-8, each name at most 255. The rights of the desktop's own
 * user decide in the guest. Codes of refusals: 400 BAD_PATH; 403 NOT_ALLOWED, FILES_OFF, FILE_NOT_PERMITTED; 404 FILE_NOT_FOUND;
 * 409 FILE_EXISTS, NOT_A_FILE, NOT_A_FOLDER, DESKTOP_NOT_READY; 411 LENGTH_REQUIRED; 413 FILE_TOO_LARGE; 416 RANGE_NOT_SATISFIABLE;
 * 429 TOO_MANY_TRANSFERS; 503 FILES_UNAVAILABLE; 507 NO_ROOM.
 */
export const filePath = z.string().min(1).max(4096).meta({ id: 'FilePath' });

/** `other`: a device, a dead link, or a name that is not UTF-8; can be seen, not opened. Links show as what they lead to. */
export const fileKind = z.enum(['file', 'folder', 'other']).meta({ id: 'FileKind' });
export type FileKind = z.infer<typeof fileKind>;

export const fileEntry = z
  .object({
    /** Last segment of its path. Holds U+FFFD where the guest's bytes are not UTF-8; control characters are possible. */
    name: z.string(),
    kind: fileKind,
    /** Bytes; 0 for what is not a file. */
    size: z.int().nonnegative(),
    modifiedAt: z.iso.datetime(),
  })
  .meta({ id: 'FileEntry' });
export type FileEntry = z.infer<typeof fileEntry>;

export const filePlaceName = z.enum(['Scratch', 'Data', 'Home']).meta({ id: 'FilePlaceName' });
export type FilePlaceName = z.infer<typeof filePlaceName>;

/** Where browsing starts. `writable`: files may be sent there, as far as the guest lets the desktop's user write. */
export const filePlace = z
  .object({ path: filePath, name: filePlaceName, writable: z.boolean() })
  .meta({ id: 'FilePlace' });
export type FilePlace = z.infer<typeof filePlace>;

/** `GET …/files?path=/scratch` */
export const folderView = z
  .object({
    path: filePath,
    places: z.array(filePlace),
    /** Folders first, then by name. */
    entries: z.array(fileEntry),
    /** The folder holds more than the 10 000 entries that are listed. */
    truncated: z.boolean(),
    /** What the desktop's user may still write there, bytes; null = not known. */
    freeBytes: z.int().nonnegative().nullable(),
    /** Largest file that may be sent, bytes. */
    limitBytes: z.int().nonnegative(),
  })
  .meta({ id: 'FolderView' });
export type FolderView = z.infer<typeof folderView>;

/** Answer of `PUT …/files/content?path=…[&overwrite=true]`: 201, the file as it now lies in the guest. */
export const sentFile = z
  .object({ name: z.string(), size: z.int().nonnegative(), modifiedAt: z.iso.datetime() })
  .meta({ id: 'SentFile' });
export type SentFile = z.infer<typeof sentFile>;

/** Body of `POST …/files/folders`; its parent must exist. */
export const makeFolder = z.strictObject({ path: filePath }).meta({ id: 'MakeFolder' });
export type MakeFolder = z.infer<typeof makeFolder>;

/** Its answer: 201 made, 200 was a folder already. */
export const madeFolder = z.object({ path: filePath }).meta({ id: 'MadeFolder' });
export type MadeFolder = z.infer<typeof madeFolder>;
