import { basename } from 'node:path';
import { Bytes } from './bytes/bytes';
import { openFile, sameFile } from './bytes/open-file';
import { Header } from './formats/header';
import { judgeName, readHeader } from './formats/recognise';
import { ImageRefusedError } from './image-refused';
import { askQemu, checkByQemu } from './qemu/qemu-img';
import { defaultLimits, InspectedImage, InspectImage, InspectOptions, IntakeLimits } from './types';

const MIB = 1048576;

/** See `InspectImage`. */
export const inspectImage: InspectImage = async (file, options = {}) => {
  const limits = { ...defaultLimits, ...options.limits };
  const opened = await openFile(file, limits.fileMib);
  try {
    const header = await judge(new Bytes(opened, undefined, options.signal), options.name ?? basename(file), options, limits);
    const judged = { ...header, file, identity: opened.identity };
    await askQemu(judged, { signal: options.signal, limits });
    await checkByQemu(judged, { signal: options.signal, limits });
    await sameFile(file, opened.identity);
    return inspected(header, opened);
  } finally {
    await opened.close();
  }
};

/** The first look: ours alone, nothing but bytes are read. @throws ImageRefusedError */
export async function judge(
  bytes: Bytes,
  name: string,
  { asRaw = false }: Pick<InspectOptions, 'asRaw'>,
  limits: Pick<IntakeLimits, 'virtualMib'>,
): Promise<Header> {
  const header = await readHeader(bytes, asRaw);
  judgeName(name, header);
  if (header.virtualBytes > limits.virtualMib * MIB) {
    throw new ImageRefusedError('TOO_LARGE', `a disk of ${header.virtualBytes} bytes; ${limits.virtualMib} MiB are allowed`);
  }
  return header;
}

const inspected = (header: Header, { size, identity }: { size: number; identity: InspectedImage['identity'] }): InspectedImage => ({
  ...header,
  virtualMib: Math.ceil(header.virtualBytes / MIB),
  sizeBytes: size,
  identity,
});
