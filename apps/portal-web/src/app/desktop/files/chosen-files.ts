/** A file to send; `folders`: the names of the folders it lies in, below what was chosen. */
export interface ChosenFile {
  readonly file: File;
  readonly folders: readonly string[];
}

/** What a person chose or dropped. */
export interface Chosen {
  readonly files: readonly ChosenFile[];
  /** Every folder of it, also empty ones, each after the one it lies in. */
  readonly folders: readonly (readonly string[])[];
}

/** More at once is a mistake as often as not, and quicker as one archive. */
const MAX_ITEMS = 2000;
const MAX_DEPTH = 32;

/** Why nothing of what was dropped is sent; `message` is for the person. */
export class TooMuchChosen extends Error {
  override readonly name = 'TooMuchChosen';
}

/** What a file field holds; one for folders gives the way to each file. */
export function chosenByField(list: FileList): Chosen {
  const files = Array.from(list, (file) => ({ file, folders: file.webkitRelativePath.split('/').slice(0, -1) }));
  if (files.length > MAX_ITEMS) throw tooMany();
  const folders = new Map<string, readonly string[]>();
  for (const { folders: way } of files) {
    way.forEach((_, depth) => folders.set(way.slice(0, depth + 1).join('/'), way.slice(0, depth + 1)));
  }
  return { files, folders: [...folders.values()] };
}

/**
 * What was dropped, folders with all that is in them. To be called in the event itself: later the browser has
 * forgotten. Rejects with `TooMuchChosen`, or with what the browser says where a file can't be read.
 */
export function chosenByDrop(transfer: DataTransfer): Promise<Chosen> {
  const entries = Array.from(transfer.items)
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  return walk(entries.filter((entry) => entry !== null));
}

async function walk(entries: readonly (FileSystemEntry | File)[]): Promise<Chosen> {
  const files: ChosenFile[] = [];
  const folders: (readonly string[])[] = [];
  const visit = async (entry: FileSystemEntry | File, way: readonly string[]): Promise<void> => {
    if (files.length + folders.length >= MAX_ITEMS) throw tooMany();
    if (entry instanceof File) {
      files.push({ file: entry, folders: way });
    } else if (isFile(entry)) {
      files.push({ file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)), folders: way });
    } else if (isFolder(entry)) {
      const inside = [...way, entry.name];
      if (inside.length > MAX_DEPTH) {
        throw new TooMuchChosen(
          `These folders are nested more than ${MAX_DEPTH} deep. Pack them into an archive first.`,
        );
      }
      folders.push(inside);
      for await (const child of children(entry)) await visit(child, inside);
    }
  };
  for (const entry of entries) await visit(entry, []);
  return { files, folders };
}

/** A browser hands out a folder in parts, the last of which is empty. */
async function* children(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader();
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return;
    yield* part;
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function tooMany(): TooMuchChosen {
  return new TooMuchChosen(
    `This is more than ${MAX_ITEMS} files and folders at once; nothing was sent. Pack them into an archive first.`,
  );
}
