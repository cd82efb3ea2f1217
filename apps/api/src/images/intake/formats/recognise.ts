import type { Bytes } from '../bytes/bytes';
import { ImageRefusedError } from '../image-refused';
import type { ImageFormat } from '../types';
import type { Header } from './header';
import { ISO_DESCRIPTOR, readIso } from './iso';
import { readQcow2 } from './qcow2';
import { rawMark, readRaw } from './raw';
import { readVdi, VDI_SIGNATURE } from './vdi';
import { readVhd, VHD_COOKIE } from './vhd';
import { readVhdx } from './vhdx';
import { readVmdk, readVmdkDescriptor, VMDK_SPARSE } from './vmdk';

/** What is known by its first bytes and never taken, even as raw: a guest could do nothing with it. */
const strangers: [mark: Buffer, code: 'UNKNOWN_FORMAT' | 'UNKNOWN_VERSION' | 'ENCRYPTED', what: string][] = [
  [Buffer.from('LUKS\xba\xbe', 'latin1'), 'ENCRYPTED', 'a LUKS volume'],
  [Buffer.from('COWD'), 'UNKNOWN_VERSION', 'a VMDK of version 3 (COWD)'],
  [Buffer.from([0xbe, 0xba, 0xfe, 0xca, 0, 0, 0, 0]), 'UNKNOWN_VERSION', 'a seSparse extent of VMware'],
  [Buffer.from('QED\0'), 'UNKNOWN_FORMAT', 'a QED image'],
  [Buffer.from('WithoutFreeSpace'), 'UNKNOWN_FORMAT', 'a Parallels image'],
  [Buffer.from('WithouFreSpacExt'), 'UNKNOWN_FORMAT', 'a Parallels image'],
  [Buffer.from('Bochs Virtual HD Image'), 'UNKNOWN_FORMAT', 'a Bochs image'],
  [Buffer.from([0x1f, 0x8b]), 'UNKNOWN_FORMAT', 'compressed by gzip: unpack it first'],
  [Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'UNKNOWN_FORMAT', 'compressed by xz: unpack it first'],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'UNKNOWN_FORMAT', 'compressed by zstd: unpack it first'],
  [Buffer.from('BZh'), 'UNKNOWN_FORMAT', 'compressed by bzip2: unpack it first'],
  [Buffer.from('PK\x03\x04', 'latin1'), 'UNKNOWN_FORMAT', 'a ZIP archive: unpack it first'],
  [Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), 'UNKNOWN_FORMAT', 'a 7-Zip archive: unpack it first'],
];

/** Finds out by content what a file is, and judges it. @throws ImageRefusedError */
export async function readHeader(bytes: Bytes, asRaw: boolean): Promise<Header> {
  const start = await bytes.peek(0, 512);
  const begins = (mark: Buffer) => start.subarray(0, mark.length).equals(mark);
  const stranger = strangers.find(([mark]) => begins(mark));
  if (stranger) throw new ImageRefusedError(stranger[1], stranger[2]);
  if (begins(Buffer.from('QFI\xfb', 'latin1'))) return readQcow2(bytes);
  if (begins(Buffer.from('vhdxfile'))) return readVhdx(bytes);
  if (begins(VMDK_SPARSE)) return readVmdk(bytes);
  if (isVmdkDescriptor(start)) return readVmdkDescriptor(bytes);
  if (start.length >= 0x44 && start.readUInt32LE(0x40) === VDI_SIGNATURE) return readVdi(bytes);
  if (begins(VHD_COOKIE) || (await bytes.peek(bytes.size - 512, 8)).equals(VHD_COOKIE)) return readVhd(bytes);
  if ((await bytes.peek(ISO_DESCRIPTOR + 1, 5)).equals(Buffer.from('CD001'))) return readIso(bytes);
  const mark = await rawMark(bytes);
  if (mark !== '' || asRaw) return readRaw(bytes, mark);
  throw new ImageRefusedError('UNKNOWN_FORMAT', `begins with ${start.subarray(0, 16).toString('hex')}`);
}

/** Lines that begin with "#" or are empty, then a version: as QEMU recognises one (vmdk_probe), and the usual first line besides. */
function isVmdkDescriptor(start: Buffer): boolean {
  const text = start.toString('latin1');
  return /^(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*version=[123]\r?(?:\n|$)/.test(text) || /^[\s\u00bb\u00bf\u00ef]*#[ \t]*Disk DescriptorFile/i.test(text);
}

const formatOfEnding: Record<string, ImageFormat> = {
  ...{ qcow: 'qcow2', qcow2: 'qcow2', vdi: 'vdi', vmdk: 'vmdk', vhd: 'vhd', vpc: 'vhd', vhdx: 'vhdx', iso: 'iso', raw: 'raw' },
};

/** A name whose ending says a format must say the right one: where it does not, somebody is mistaken, or wants others to be. */
export function judgeName(name: string, { format }: Header): void {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1].toLowerCase() ?? '';
  const said = /-flat\.vmdk$/i.test(name) ? 'raw' : Object.hasOwn(formatOfEnding, ending) ? formatOfEnding[ending] : null;
  if (said !== null && said !== format) throw new ImageRefusedError('NAME_MISMATCH', `${name} holds ${format}`);
}
