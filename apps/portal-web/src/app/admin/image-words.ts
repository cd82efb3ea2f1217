import type { ImageOffering, ImageVersionEvent, ImageVersionState, ImageVersionView, ImageView } from '@beamdesk/contracts';
import { byteWords } from '../desktop/files/file-words';
import { amount } from '../quotas/resource-words';

export const STATE_WORDS: Readonly<Record<ImageVersionState, string>> = {
  importing: 'being taken in',
  draft: 'draft',
  active: 'active',
  retired: 'retired',
  failed: 'not taken in',
};

/** Class of its badge. */
export const STATE_TONES: Readonly<Record<ImageVersionState, string>> = {
  importing: 'busy',
  draft: 'quiet',
  active: 'ready',
  retired: 'quiet',
  failed: 'error',
};

const STEPS: Readonly<Record<NonNullable<ImageVersionView['progress']>['step'], string>> = {
  waiting: 'Waits for its turn',
  fetching: 'Fetching it',
  inspecting: 'Inspecting it, before anything opens it for real',
  converting: 'Converting it',
  storing: 'Storing it',
};

const EVENTS: Readonly<Record<ImageVersionEvent['what'], string>> = {
  registered: 'Registered',
  'taken-in': 'Taken in',
  failed: 'Not taken in',
  changed: 'Settings changed',
  activated: 'Activated',
  retired: 'Retired',
  tried: 'Tried',
  aborted: 'Called off',
  retried: 'Taken in once more',
};

const FORMATS: Readonly<Record<NonNullable<ImageVersionView['format']>, string>> = {
  qcow2: 'qcow2',
  raw: 'raw',
  vdi: 'VDI',
  vmdk: 'VMDK',
  vhd: 'VHD',
  vhdx: 'VHDX',
  iso: 'ISO',
};

/** What is going on with a version that is being taken in: "Converting it: 42 %". */
export function progressWords({ progress }: Pick<ImageVersionView, 'progress'>): string {
  if (progress === null) return 'Begins soon';
  const words = STEPS[progress.step];
  return progress.fraction === null ? words : `${words}: ${Math.floor(100 * progress.fraction)} %`;
}

/** "Activated by Farid Haddad"; by nobody: the portal, or the site file. */
export function eventWords({ what, who }: ImageVersionEvent): string {
  return who === null ? EVENTS[what] : `${EVENTS[what]} by ${who.name ?? 'somebody whose account is gone'}`;
}

/** From where it was taken. */
export function sourceWords({ source: { kind, name } }: Pick<ImageVersionView, 'source'>): string {
  const words = { recipe: 'recipe', file: 'file on the server', upload: 'upload', url: 'address' }[kind];
  return `${words} ${name}`;
}

/** "VMDK, 1.2 GB; a disk of 8 GiB", as far as it is known. */
export function sizeWords({ format, sizeBytes, virtualMib }: Pick<ImageVersionView, 'format' | 'sizeBytes' | 'virtualMib'>): string {
  const file = [format && FORMATS[format], sizeBytes === null ? null : byteWords(sizeBytes)].filter(Boolean).join(', ');
  const disk = virtualMib === null ? '' : `a disk of ${amount('storageMib', virtualMib)}`;
  return [file, disk].filter(Boolean).join('; ') || 'not known yet';
}

/** How a machine of it runs: "VNC, BIOS, x86_64, copied from a template". */
export function traitWords(version: Pick<ImageVersionView, 'protocol' | 'firmware' | 'architecture' | 'clonable' | 'gpus' | 'agent'>): string {
  return [
    version.protocol.toUpperCase(),
    version.firmware === 'uefi' ? 'UEFI' : 'BIOS',
    version.architecture,
    version.clonable ? 'copied from a template' : 'each one boots',
    version.gpus === 0 ? 'no GPU needed' : `needs ${version.gpus === 1 ? '1 GPU' : `${version.gpus} GPUs`}`,
    version.agent ? 'with our agent' : 'without our agent: “ready” is a guess, data are not mounted',
  ].join(', ');
}

/** Where an image is offered: "at ID11 and BM18; for diffraction; to the group xrd". `names` by id. */
export function offeringWords(
  { beamlines, techniques, groups }: ImageOffering,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const list = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? id).join(', ');
  const parts = [
    beamlines.length > 0 && `at ${list(beamlines)}`,
    techniques.length > 0 && `for ${list(techniques)}`,
    groups.length > 0 && `to ${groups.length === 1 ? 'the group' : 'the groups'} ${groups.join(', ')}`,
  ].filter(Boolean);
  return parts.length === 0 ? 'wherever its plans say' : parts.join('; ');
}

export function activeOf({ versions }: Pick<ImageView, 'versions'>): ImageVersionView | undefined {
  return versions.find(({ state }) => state === 'active');
}

/** The version that stands for an image in a list: the active one, else the newest. */
export function leadingOf(image: Pick<ImageView, 'versions'>): ImageVersionView | undefined {
  return activeOf(image) ?? image.versions[0];
}

/** Of all its versions. */
export function desktopsOf({ versions }: Pick<ImageView, 'versions'>): number {
  return versions.reduce((sum, { uses }) => sum + uses.desktops, 0);
}

/** "3 desktops, 1 of them only a kept disk"; '' where nothing holds on to it. */
export function useWords({ uses: { desktops, keptDisks } }: Pick<ImageVersionView, 'uses'>): string {
  if (desktops === 0) return '';
  if (desktops === keptDisks) return desktops === 1 ? '1 kept disk' : `${desktops} kept disks`;
  const all = desktops === 1 ? '1 desktop' : `${desktops} desktops`;
  return keptDisks === 0 ? all : `${all}, ${keptDisks} of them only a kept disk`;
}

/** As a name becomes an id: "Analysis desktop (2026)" → "analysis-desktop-2026". */
export function idFrom(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63).replace(/-+$/, '');
}
