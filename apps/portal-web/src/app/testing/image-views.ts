import type {
  FlavourView,
  GpuView,
  ImageVersionView,
  ImageView,
  IncomingFiles,
  PlanAdminView,
  PlansView,
  SoftwareView,
} from '@beamdesk/contracts';

/** Answers of the api about images, plans and flavours, for specs: complete, ordinary, changed by what a spec is about. */
const farid = { id: '88888888-8888-4888-8888-888888888888', name: 'Farid Haddad' };

export function imageVersion(change: Partial<ImageVersionView> = {}): ImageVersionView {
  return {
    number: 1,
    state: 'active',
    progress: null,
    failure: null,
    source: { kind: 'upload', name: 'xrd.vmdk' },
    format: 'vmdk',
    sha256: 'a'.repeat(64),
    sizeBytes: 1_200_000_000,
    virtualMib: 8192,
    boot: 'disk',
    protocol: 'vnc',
    firmware: 'bios',
    architecture: 'x86_64',
    agent: false,
    clonable: false,
    gpus: 0,
    setup: null,
    software: [{ name: 'pyFAI', version: '2024.5' }],
    uses: { desktops: 0, keptDisks: 0 },
    trial: null,
    createdAt: '2026-11-20T10:00:00.000Z',
    createdBy: farid,
    history: [
      { at: '2026-11-20T10:00:00.000Z', what: 'registered', who: farid },
      { at: '2026-11-20T10:05:00.000Z', what: 'taken-in', who: null },
    ],
    ...change,
  };
}

export function image(versions: ImageVersionView[] = [imageVersion()], change: Partial<ImageView> = {}): ImageView {
  return {
    id: 'xrd',
    name: 'XRD desktop',
    description: 'Diffraction on Debian',
    origin: 'admin',
    offering: { beamlines: [], techniques: [], groups: [] },
    plans: [{ id: 'xrd', name: 'XRD' }],
    createdAt: '2026-11-20T10:00:00.000Z',
    createdBy: farid,
    versions,
    ...change,
  };
}

export function incoming(change: Partial<IncomingFiles> = {}): IncomingFiles {
  return {
    items: [{ name: 'old.vdi', sizeBytes: 4_000_000_000, modifiedAt: '2026-11-19T10:00:00.000Z' }],
    more: false,
    urlHosts: ['cloud.debian.org'],
    uploadLimitBytes: 100_000_000_000,
    ...change,
  };
}

export function adminPlan(change: Partial<PlanAdminView> = {}): PlanAdminView {
  return {
    id: 'xrd',
    origin: 'admin',
    name: 'XRD',
    description: 'pyFAI and silx',
    image: 'xrd',
    imageName: 'XRD desktop',
    flavour: 'small',
    lifetimeMinutes: 480,
    idleMinutes: 120,
    keepsDisk: false,
    network: 'none',
    extension: null,
    preset: true,
    keyboard: null,
    bootScript: null,
    imageValues: {},
    beamlines: ['id11'],
    techniques: [],
    position: 1000,
    unavailable: null,
    desktops: 0,
    ...change,
  };
}

export function plansView(items: PlanAdminView[] = [adminPlan()], change: Partial<PlansView> = {}): PlansView {
  return {
    items,
    beamlines: [
      { id: 'id11', name: 'ID11' },
      { id: 'bm18', name: 'BM18' },
    ],
    techniques: [{ id: 'diffraction', name: 'diffraction' }],
    ...change,
  };
}

export function flavour(change: Partial<FlavourView> = {}): FlavourView {
  return { id: 'small', origin: 'admin', vcpus: 2, memoryMib: 4096, diskMib: 20_480, gpus: 0, plans: [], ...change };
}

export function software(change: Partial<SoftwareView> = {}): SoftwareView {
  return {
    name: 'pyFAI',
    versions: ['2024.5', '2023.9'],
    plans: [{ id: 'xrd', name: 'XRD', image: 'XRD desktop', version: '2024.5', beamlines: ['ID11'], techniques: ['diffraction'] }],
    ...change,
  };
}

export function gpu(change: Partial<GpuView> = {}): GpuView {
  return {
    hostId: 'vm-host-1',
    address: '0000:65:00.0',
    functions: ['0000:65:00.0', '0000:65:00.1'],
    vendor: '10de',
    device: '2204',
    vendorName: 'NVIDIA',
    pciClass: '0300',
    driver: 'vfio-pci',
    iommuGroup: 12,
    groupMembers: ['0000:65:00.0', '0000:65:00.1'],
    numaNode: 0,
    mdevTypes: [],
    allowed: true,
    state: 'free',
    unusable: null,
    seenAt: '2026-11-21T10:00:00.000Z',
    lease: null,
    ...change,
  };
}
