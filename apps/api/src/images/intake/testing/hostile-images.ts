import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '../formats/crc32c';
import { sumOf } from '../formats/vhd';
import type { RefusalCode } from '../refusal-codes';
import { isoWith, rawDisk } from './disks';
import { descriptor, vhdx } from './hostile-parts';
import { qemuImg } from './places';

/** A file that must never become an image, and why. */
export interface Hostile {
  name: string;
  code: RefusalCode;
  /** What QEMU is told it is when it is handed the file straight; absent: it makes no sense to ask. */
  driver?: string;
}

type Change = (bytes: Buffer) => void;

/**
 * Makes the folder of hostile images. `secret` is a file of the host that many of them try to have read.
 */
export function makeHostileImages(folder: string, secret: string): Hostile[] {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  const all: Hostile[] = [];
  const file = (name: string, code: RefusalCode, content: Buffer | string, driver?: string) => {
    writeFileSync(at(name), content);
    all.push({ name, code, driver });
  };
  const raw = at('seed.img');
  writeFileSync(raw, rawDisk(4));
  const good = (name: string, ...words: string[]) => {
    qemuImg('convert', '-f', 'raw', ...words, raw, at(name));
    return readFileSync(at(name));
  };
  const changed = (bytes: Buffer, ...changes: Change[]) => {
    const copy = Buffer.from(bytes);
    for (const change of changes) change(copy);
    return copy;
  };
  const u32 = (where: number, value: number) => (bytes: Buffer) => void bytes.writeUInt32BE(value, where);
  const u64 = (where: number, value: bigint) => (bytes: Buffer) => void bytes.writeBigUInt64BE(value, where);
  const text = (where: number, value: string) => (bytes: Buffer) => void bytes.write(value, where, 'latin1');
  const backing = (name: string): Change[] => [u64(8, 4096n), u32(16, name.length), text(4096, name)];

  const qcow2 = good('good.qcow2', '-O', 'qcow2');
  const nbd = 'nbd://127.0.0.1:10809/secret';
  const json = JSON.stringify({ driver: 'raw', file: { driver: 'file', filename: secret } });
  file('backing.qcow2', 'BACKING_FILE', changed(qcow2, ...backing(secret)), 'qcow2');
  file('backing-json.qcow2', 'REMOTE_REFERENCE', changed(qcow2, ...backing(`json:${json}`)), 'qcow2');
  file('backing-nbd.qcow2', 'REMOTE_REFERENCE', changed(qcow2, ...backing(nbd)), 'qcow2');
  file('backing-nowhere.qcow2', 'BACKING_FILE', changed(qcow2, u64(8, 1n << 60n), u32(16, 9)), 'qcow2');
  const extension = (type: number, value: string): Change[] => [u32(104 + 8, type), u32(104 + 12, value.length), text(104 + 16, value)];
  file('data-file.qcow2', 'DATA_FILE', changed(qcow2, u64(72, 4n), ...extension(0x44415441, secret)), 'qcow2');
  file('data-file-unmarked.qcow2', 'DATA_FILE', changed(qcow2, ...extension(0x44415441, secret)), 'qcow2');
  file('data-nbd.qcow2', 'REMOTE_REFERENCE', changed(qcow2, ...extension(0x44415441, nbd)), 'qcow2');
  file('encrypted.qcow2', 'ENCRYPTED', changed(qcow2, u32(32, 1)), 'qcow2');
  file('encrypted-luks.qcow2', 'ENCRYPTED', changed(qcow2, ...extension(0x0537be77, 'x'.repeat(16))), 'qcow2');
  file('dirty.qcow2', 'DIRTY', changed(qcow2, u64(72, 1n)), 'qcow2');
  file('corrupt.qcow2', 'CORRUPT', changed(qcow2, u64(72, 2n)), 'qcow2');
  file('unknown-feature.qcow2', 'UNKNOWN_FEATURE', changed(qcow2, u64(72, 1n << 40n)), 'qcow2');
  file('version-1.qcow2', 'UNKNOWN_VERSION', changed(qcow2, u32(4, 1)), 'qcow2');
  file('absurd-size.qcow2', 'ABSURD_SIZE', changed(qcow2, u64(24, (1n << 63n) - 512n)), 'qcow2');
  file('absurd-l1.qcow2', 'ABSURD_SIZE', changed(qcow2, u32(36, 0xffffffff)), 'qcow2');
  file('absurd-refcounts.qcow2', 'ABSURD_SIZE', changed(qcow2, u32(56, 0xffffffff)), 'qcow2');
  file('absurd-clusters.qcow2', 'ABSURD_SIZE', changed(qcow2, u32(20, 63)), 'qcow2');
  file('absurd-snapshots.qcow2', 'ABSURD_SIZE', changed(qcow2, u32(60, 0x7fffffff)), 'qcow2');
  file('l1-outside.qcow2', 'OUTSIDE_FILE', changed(qcow2, u64(40, 1n << 40n)), 'qcow2');
  file('refcounts-outside.qcow2', 'OUTSIDE_FILE', changed(qcow2, u64(48, 1n << 40n)), 'qcow2');
  file('too-large.qcow2', 'TOO_LARGE', tooLarge(at('too-large.qcow2')));
  file('truncated.qcow2', 'TRUNCATED', qcow2.subarray(0, qcow2.length - 3 * 65536), 'qcow2');
  file('header-alone.qcow2', 'TRUNCATED', qcow2.subarray(0, 60), 'qcow2');
  file('overlapping.qcow2', 'CHECK_FAILED', changed(qcow2, sharedCluster), 'qcow2');
  qemuImg('snapshot', '-c', 'x', at('good.qcow2'));
  file('snapshots-outside.qcow2', 'OUTSIDE_FILE', changed(readFileSync(at('good.qcow2')), u64(64, 1n << 40n)), 'qcow2');

  const iso = isoWith(Buffer.from('an installer'));
  file('iso.qcow2', 'NAME_MISMATCH', iso, 'qcow2');
  file('cut.iso', 'TRUNCATED', iso.subarray(0, 18 * 2048));
  copyFileSync(at('good.qcow2'), at('qcow2.iso'));
  all.push({ name: 'qcow2.iso', code: 'NAME_MISMATCH', driver: 'raw' });

  file('passwd.vmdk', 'NAMES_OTHER_FILE', descriptor('monolithicFlat', 'RW 8 FLAT "/etc/passwd" 0'), 'vmdk');
  file('secret.vmdk', 'NAMES_OTHER_FILE', descriptor('monolithicFlat', `RW 8 FLAT "${secret}" 0`), 'vmdk');
  file('above.vmdk', 'NAMES_OTHER_FILE', descriptor('monolithicFlat', 'RW 8 FLAT "../../etc/passwd" 0'), 'vmdk');
  file('nbd.vmdk', 'REMOTE_REFERENCE', descriptor('monolithicFlat', `RW 8 FLAT "${nbd}" 0`), 'vmdk');
  file('json.vmdk', 'REMOTE_REFERENCE', descriptor('monolithicFlat', `RW 8 FLAT "json:${json.replaceAll('"', "'")}" 0`), 'vmdk');
  file('flat.vmdk', 'SEVERAL_FILES', descriptor('monolithicFlat', 'RW 8 FLAT "seed.img" 0'), 'vmdk');
  const split = 'RW 8 SPARSE "a-s001.vmdk"\nRW 8 SPARSE "a-s002.vmdk"';
  file('split.vmdk', 'SEVERAL_FILES', descriptor('twoGbMaxExtentSparse', split), 'vmdk');
  file('version-first.vmdk', 'NAMES_OTHER_FILE', `\n# x\nversion=1\nRW 8 FLAT "${secret}" 0\n`, 'vmdk');
  const vmdk = good('good.vmdk', '-O', 'vmdk');
  const embedded = (words: string) => (bytes: Buffer) => void bytes.fill(0, 512, 21 * 512).write(words, 512, 'latin1');
  const lonely = descriptor('monolithicSparse', 'RW 8192 SPARSE "good.vmdk"');
  file('capacity-0.vmdk', 'NAMES_OTHER_FILE', changed(vmdk, (bytes) => void bytes.writeBigUInt64LE(0n, 12)), 'vmdk');
  file('inner-flat.vmdk', 'NAMES_OTHER_FILE', changed(vmdk, embedded(lonely.replace('"good.vmdk"', `"${secret}"`))), 'vmdk');
  file('inner-parent.vmdk', 'PARENT_DISK', changed(vmdk, embedded(`${lonely}parentFileNameHint="${secret}"\n`)), 'vmdk');
  file('inner-cid.vmdk', 'PARENT_DISK', changed(vmdk, embedded(lonely.replace('=ffffffff', '=12345678'))), 'vmdk');
  file('truncated.vmdk', 'TRUNCATED', vmdk.subarray(0, vmdk.length - 65536), 'vmdk');
  const absurdVmdk = (bytes: Buffer) => void bytes.writeBigUInt64LE(1n << 60n, 12);
  file('absurd.vmdk', 'ABSURD_SIZE', changed(vmdk, absurdVmdk), 'vmdk');
  const stream = good('stream.vmdk', '-O', 'vmdk', '-o', 'subformat=streamOptimized');
  file('truncated-stream.vmdk', 'TRUNCATED', stream.subarray(0, 133 * 512 + 64), 'vmdk');
  const footerless = changed(stream, (bytes) => void bytes.writeBigUInt64LE(0xffffffffffffffffn, 56));
  file('footerless.vmdk', 'TRUNCATED', footerless, 'vmdk');

  const vdi = good('good.vdi', '-O', 'vdi');
  file('differencing.vdi', 'PARENT_DISK', changed(vdi, (bytes) => void bytes.writeUInt32LE(4, 0x4c)), 'vdi');
  file('parent.vdi', 'PARENT_DISK', changed(vdi, text(0x1b8, 'a parent, by uuid')), 'vdi');
  file('absurd.vdi', 'ABSURD_SIZE', changed(vdi, (bytes) => void bytes.writeBigUInt64LE(1n << 62n, 0x170)), 'vdi');
  file('map-outside.vdi', 'OUTSIDE_FILE', changed(vdi, (bytes) => void bytes.writeUInt32LE(0x7ffffe00, 0x154)), 'vdi');
  file('wild-block.vdi', 'CORRUPT', changed(vdi, (bytes) => void bytes.writeUInt32LE(77777, bytes.readUInt32LE(0x154))), 'vdi');
  file('truncated.vdi', 'TRUNCATED', vdi.subarray(0, vdi.length - 1048576), 'vdi');

  const vhd = good('good.vhd', '-O', 'vpc', '-o', 'force_size=on');
  const signed = (from: number, length: number, checksum: number) => (bytes: Buffer) => {
    const part = bytes.subarray(from, from + length);
    part.writeUInt32BE(sumOf(part, checksum), checksum);
  };
  const footer = signed(0, 512, 64);
  const dynamic = signed(512, 1024, 36);
  file('differencing.vhd', 'PARENT_DISK', changed(vhd, u32(60, 4), footer), 'vpc');
  file('parent-name.vhd', 'PARENT_DISK', changed(vhd, text(512 + 64, secret), dynamic), 'vpc');
  file('absurd.vhd', 'ABSURD_SIZE', changed(vhd, u64(48, 1n << 60n), footer), 'vpc');
  file('absurd-table.vhd', 'ABSURD_SIZE', changed(vhd, u32(512 + 28, 0x7fffffff), dynamic), 'vpc');
  file('unsigned.vhd', 'CORRUPT', changed(vhd, u32(60, 2)), 'vpc');
  file('header-outside.vhd', 'OUTSIDE_FILE', changed(vhd, u64(16, 1n << 50n), footer), 'vpc');
  file('truncated.vhd', 'TRUNCATED', vhd.subarray(0, vhd.length - 1048576), 'vpc');
  const fixed = good('fixed.vhd', '-O', 'vpc', '-o', 'force_size=on,subformat=fixed');
  file('truncated-fixed.vhd', 'TRUNCATED', fixed.subarray(1048576), 'vpc');

  const good2 = good('good.vhdx', '-O', 'vhdx');
  file('differencing.vhdx', 'PARENT_DISK', changed(good2, vhdx.hasParent), 'vhdx');
  file('parent-locator.vhdx', 'PARENT_DISK', changed(good2, vhdx.parentLocator), 'vhdx');
  file('unreplayed.vhdx', 'DIRTY', changed(good2, vhdx.logToReplay(crc32c)), 'vhdx');
  file('absurd.vhdx', 'ABSURD_SIZE', changed(good2, vhdx.size(1n << 60n)), 'vhdx');
  file('truncated.vhdx', 'TRUNCATED', good2.subarray(0, good2.length - 1048576), 'vhdx');

  file('cut.raw', 'TRUNCATED', rawDisk(4).subarray(0, 2 * 1048576), 'raw');
  file('luks.img', 'ENCRYPTED', Buffer.concat([Buffer.from('LUKS\xba\xbe', 'latin1'), Buffer.alloc(4096)]));
  file('packed.qcow2.gz', 'UNKNOWN_FORMAT', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(99)]));
  file('text.img', 'UNKNOWN_FORMAT', `json:${json}`);
  file('nothing.qcow2', 'EMPTY', '');
  writeFileSync(at('endless.img'), 'x');
  truncateSync(at('endless.img'), 15 * 2 ** 40);
  all.push({ name: 'endless.img', code: 'TOO_LARGE' });
  symlinkSync(secret, at('link.qcow2'));
  all.push({ name: 'link.qcow2', code: 'IS_A_LINK' });
  execFileSync('mkfifo', [at('pipe.qcow2')]);
  all.push({ name: 'pipe.qcow2', code: 'NOT_A_FILE' });
  mkdirSync(at('folder.qcow2'));
  all.push({ name: 'folder.qcow2', code: 'NOT_A_FILE' });
  all.push({ name: 'missing.qcow2', code: 'UNREADABLE' });
  return all;
}

/** A sane qcow2 of 10 TiB: more than a site takes. */
function tooLarge(path: string): Buffer {
  qemuImg('create', '-q', '-f', 'qcow2', path, '10T');
  return readFileSync(path);
}

/** Two clusters of the guest lie in one of the file: written to, one would alter the other. */
function sharedCluster(bytes: Buffer): void {
  const l2 = Number(bytes.readBigUInt64BE(Number(bytes.readBigUInt64BE(40))) & 0xfffffffffffe00n);
  const used = Array.from({ length: 64 }, (_, n) => l2 + n * 8).filter((entry) => bytes.readBigUInt64BE(entry) !== 0n);
  bytes.writeBigUInt64BE(bytes.readBigUInt64BE(used[0]), used[1]);
}
