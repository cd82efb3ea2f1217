import { Chosen } from '../chosen-files';

/** A file of `size` bytes, as the browser hands it out; the specs' own document cannot read files. */
export function file(name: string, size = 5): File {
  const made = new File(['x'.repeat(size)], name);
  made.slice = () => ({ arrayBuffer: () => Promise.resolve(new ArrayBuffer(1)) }) as unknown as Blob;
  return made;
}

/** Files chosen without folders. */
export function chosen(...files: readonly File[]): Chosen {
  return { files: files.map((each) => ({ file: each, folders: [] })), folders: [] };
}
