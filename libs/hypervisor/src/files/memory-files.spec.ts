import { MemoryFiles, MemoryFileTree } from './memory-files';
import { guestFilesContract } from './testing/guest-files-contract';

describe('MemoryFiles keeps the contract', () => {
  let tree: MemoryFileTree;
  beforeEach(() => (tree = new MemoryFileTree()));
  guestFilesContract(() => ({ files: new MemoryFiles(tree), tree }));
});
