import { ImageRefusedError } from '../image-refused';
import { isProtocol } from './header';

/** One line "RW 4192256 SPARSE "disk.vmdk"" of a descriptor. */
interface Extent {
  kind: string;
  file: string | null;
}

/** Read as generously as by any program: what one of them takes for an extent counts. */
function extentsOf(text: string): Extent[] {
  return text.split(/[\r\n]+/).flatMap((line) => {
    const found = /^\s*(?:RW|RDONLY|NOACCESS)\s+\S+\s+(\S+)\s*(.*)$/i.exec(line);
    if (!found) return [];
    const quoted = /"([^"]*)"?/.exec(found[2]);
    const file = quoted ? quoted[1] : found[2].trim().split(/\s+/)[0] || null;
    return [{ kind: found[1].toUpperCase(), file }];
  });
}

/** @throws ImageRefusedError PARENT_DISK when the descriptor says that it is the difference to another disk */
function refuseParent(text: string): void {
  // QEMU looks for the word anywhere in the descriptor, whatever stands around it.
  if (/parentFileNameHint/i.test(text)) throw new ImageRefusedError('PARENT_DISK', 'the descriptor names a parent');
  for (const [, id] of text.matchAll(/parentCID\s*=\s*(\S+)/gi)) {
    if (!/^f{8}$/i.test(id)) throw new ImageRefusedError('PARENT_DISK', `parentCID ${id}`);
  }
}

function refuseName(file: string): void {
  if (isProtocol(file)) throw new ImageRefusedError('REMOTE_REFERENCE', `extent ${file}`);
  if (/[/\\]/.test(file) || file === '..') throw new ImageRefusedError('NAMES_OTHER_FILE', `extent ${file}`);
}

/**
 * A descriptor as the whole file: its disk lies in other files, so it is always refused, for the worst it does.
 */
export function refuseDescriptorFile(text: string): never {
  refuseParent(text);
  const extents = extentsOf(text);
  for (const { file } of extents) if (file !== null) refuseName(file);
  const names = extents.map(({ kind, file }) => `${kind} ${file ?? ''}`.trim()).join(', ');
  throw new ImageRefusedError('SEVERAL_FILES', `a descriptor alone, with extents ${names || '(none)'}`);
}

/** The descriptor inside a sparse VMDK: it may name this one file, by any plain name. @throws ImageRefusedError */
export function judgeEmbedded(text: string): { createType: string } {
  refuseParent(text);
  const extents = extentsOf(text);
  for (const { file } of extents) if (file !== null) refuseName(file);
  if (extents.length > 1) throw new ImageRefusedError('SEVERAL_FILES', `${extents.length} extents`);
  const createType = /^\s*createType\s*=\s*"?([A-Za-z0-9]+)/im.exec(text)?.[1] ?? '';
  if (!['monolithicsparse', 'streamoptimized'].includes(createType.toLowerCase())) {
    throw new ImageRefusedError('SEVERAL_FILES', `createType ${createType || '(none)'}`);
  }
  if (extents.some(({ kind }) => kind !== 'SPARSE')) {
    throw new ImageRefusedError('NAMES_OTHER_FILE', `extent of kind ${extents[0].kind}`);
  }
  return { createType };
}
