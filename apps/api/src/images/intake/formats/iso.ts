import type { Bytes } from '../bytes/bytes';
import { demand, Header } from './header';

export const ISO_DESCRIPTOR = 32768;

/** Judges an ISO 9660 image by its primary volume descriptor (ECMA-119, 8.4). */
export async function readIso(bytes: Bytes): Promise<Header> {
  const volume = await bytes.take(ISO_DESCRIPTOR, 2048, 'volume descriptor');
  demand(volume[0] === 1 && volume[6] === 1, 'UNKNOWN_VERSION', `volume descriptor ${volume[0]} of version ${volume[6]}`);
  const blocks = volume.readUInt32LE(80);
  const blockBytes = volume.readUInt16LE(128);
  // Every number is there twice, once for each order of bytes.
  const coherent = volume.readUInt32BE(84) === blocks && volume.readUInt16BE(130) === blockBytes;
  demand(coherent, 'CORRUPT', 'the volume descriptor contradicts itself');
  demand(blocks > 0 && [512, 1024, 2048].includes(blockBytes), 'ABSURD_SIZE', `${blocks} blocks of ${blockBytes} bytes`);
  demand(blocks * blockBytes <= bytes.size, 'TRUNCATED', `a volume of ${blocks * blockBytes} bytes in ${bytes.size}`);
  return { format: 'iso', variant: '', virtualBytes: bytes.size };
}
