/** A Debian 12 package, what it is for, and how to see without dpkg that it is there. */
export interface SystemPackage {
  name: string;
  why: string;
  /** A command it brings; null for libraries. */
  command: string | null;
  /** An empty file that, there before the package, keeps its service from ever starting; null: it has no service. */
  idleFile: string | null;
}

const pack = (name: string, why: string, command: string | null = null, idleFile: string | null = null): SystemPackage =>
  ({ name, why, command, idleFile });

/** Needed to run desktops and to build their images. */
export const START_PACKAGES: readonly SystemPackage[] = [
  pack('qemu-system-x86', 'runs the desktops', 'qemu-system-x86_64'),
  pack('ovmf', 'is the UEFI firmware of desktops that want one'),
  pack('passt', 'leads desktops out to the network that may get there', 'passt'),
  pack('qemu-utils', 'makes their disks', 'qemu-img'),
  pack('mmdebstrap', 'builds guest images from Debian packages', 'mmdebstrap'),
  pack('e2fsprogs', 'makes the file system of an image', 'mkfs.ext4'),
  pack('busybox-static', 'is the first program of the small guest', 'busybox'),
  pack('zstd', 'compresses images', 'zstd'),
  pack('cpio', "packs the small guest's memory disk", 'cpio'),
  pack('util-linux', 'gives each service its own view of the machine', 'setpriv'),
];

/** Libraries of the private guacd; not needed where a guacd is on the PATH or given. */
export const GUACD_PACKAGES: readonly SystemPackage[] = [
  'libvncclient1',
  'libfreerdp2-2',
  'libfreerdp-client2-2',
  'libwinpr2-2',
  'libssh2-1',
  'libossp-uuid16',
  'libpulse0',
  'libcairo2',
  'libjpeg62-turbo',
  'libpng16-16',
  'libgcrypt20',
  'libglib2.0-0',
  'libpango-1.0-0',
  'libpangocairo-1.0-0',
].map((name) => pack(name, 'is a library of guacd, which shows desktops'));

/** Needed by the tests besides. */
export const TEST_PACKAGES: readonly SystemPackage[] = [
  pack('chromium', 'is the browser of the journeys', 'chromium'),
  pack('openssl', 'makes the certificate for that check', 'openssl'),
  // /etc/default/slapd names the file.
  pack('slapd', 'is the LDAP directory of the tests, never started as a service', 'slapd', '/etc/ldap/noslapd'),
];
