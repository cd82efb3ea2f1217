import { TooMuchChosen, chosenByDrop, chosenByField } from './chosen-files';
import { file } from './testing/chosen';

/** What a browser hands out for a file or a folder that was dropped; a folder comes in parts of two. */
function dropped(name: string, content: File | FileSystemEntry[]): FileSystemEntry {
  if (content instanceof File) {
    const entry = { name, isFile: true, isDirectory: false, file: (done: (file: File) => void) => done(content) };
    return entry as unknown as FileSystemEntry;
  }
  const createReader = () => {
    const rest = [...content];
    return { readEntries: (done: (part: FileSystemEntry[]) => void) => done(rest.splice(0, 2)) };
  };
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

function transfer(...entries: (FileSystemEntry | null)[]): DataTransfer {
  const items = entries.map((entry) => ({
    kind: 'file',
    webkitGetAsEntry: () => entry,
    getAsFile: () => file('plain.txt'),
  }));
  return { items: [{ kind: 'string' }, ...items] } as unknown as DataTransfer;
}

describe('chosenByDrop', () => {
  it('goes through folders with all their parts, empty ones too', async () => {
    const tree = dropped('run', [
      dropped('a.txt', file('a.txt')),
      dropped('b.txt', file('b.txt')),
      dropped('empty', []),
      dropped('deep', [dropped('ü.txt', file('ü.txt', 0))]),
    ]);
    const { files, folders } = await chosenByDrop(transfer(tree, dropped('top.txt', file('top.txt'))));
    expect(files.map(({ file: { name }, folders: way }) => [...way, name].join('/'))).toEqual([
      'run/a.txt',
      'run/b.txt',
      'run/deep/ü.txt',
      'top.txt',
    ]);
    expect(folders).toEqual([['run'], ['run', 'empty'], ['run', 'deep']]);
  });

  it('takes files of a browser that knows no entries', async () => {
    const { files } = await chosenByDrop(transfer(null));
    expect(files.map(({ file: { name } }) => name)).toEqual(['plain.txt']);
  });

  it('refuses more than 2000 at once', async () => {
    const many = Array.from({ length: 2000 }, (_, index) => dropped(`${index}`, file(`${index}`, 0)));
    await expect(chosenByDrop(transfer(dropped('run', many)))).rejects.toThrow(TooMuchChosen);
    expect((await chosenByDrop(transfer(dropped('run', many.slice(1))))).files).toHaveLength(1999);
  });

  it('refuses folders without an end', async () => {
    const nest = (depth: number): FileSystemEntry => dropped('in', depth === 0 ? [] : [nest(depth - 1)]);
    await expect(chosenByDrop(transfer(nest(32)))).rejects.toThrow('more than 32 deep');
    expect((await chosenByDrop(transfer(nest(31)))).folders).toHaveLength(32);
  });
});

describe('chosenByField', () => {
  it('finds the folders of a folder field, each once and after the one it lies in', () => {
    const list = ['run/a.txt', 'run/deep/b.txt', 'run/deep/c.txt'].map((path) =>
      Object.assign(file('x'), { webkitRelativePath: path }),
    );
    const { files, folders } = chosenByField(list as unknown as FileList);
    expect(files.map(({ folders: way }) => way)).toEqual([['run'], ['run', 'deep'], ['run', 'deep']]);
    expect(folders).toEqual([['run'], ['run', 'deep']]);
  });

  it('knows no folders of plain files', () => {
    const plain = Object.assign(file('a.txt'), { webkitRelativePath: '' });
    expect(chosenByField([plain] as unknown as FileList)).toEqual({
      files: [{ file: plain, folders: [] }],
      folders: [],
    });
  });
});
