/** What a file may be taken as; the name that people see. */
export const imageFormats = ['qcow2', 'raw', 'vdi', 'vmdk', 'vhd', 'vhdx', 'iso'] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** What was found out about a file that may be converted. */
export interface InspectedImage {
  format: ImageFormat;
  /** Finer kind within the format, for the log and the page, e.g. "v3", "dynamic", "streamOptimized", "gpt"; "" where there is one only. */
  variant: string;
  /** Size of the disk as a guest sees it, in bytes; of an ISO, of the file. */
  virtualBytes: number;
  /** The same in whole MiB, rounded up. */
  virtualMib: number;
  /** Size of the file. */
  sizeBytes: number;
  /** The file that was looked at: it is converted only as long as it is this very one and did not change. */
  identity: FileIdentity;
}

/** What cannot stay the same when a file is replaced or written to; device, inode and times in ns as text. */
export interface FileIdentity {
  device: string;
  inode: string;
  size: string;
  modified: string;
  changed: string;
}

/** What one image may cost. */
export interface IntakeLimits {
  /** Largest disk as a guest sees it. */
  virtualMib: number;
  /** Largest file that is looked at, and largest result. */
  fileMib: number;
  /** Longest look by QEMU (`info` and `check` each). */
  inspectSeconds: number;
  /** Longest conversion. */
  convertSeconds: number;
  /** Address space of the confined process. */
  memoryMib: number;
}

export const defaultLimits: IntakeLimits = {
  virtualMib: 2 * 1024 * 1024,
  fileMib: 512 * 1024,
  inspectSeconds: 300,
  convertSeconds: 4 * 3600,
  memoryMib: 4096,
};

export interface InspectOptions {
  signal?: AbortSignal;
  /** What the person called the file; absent: the file's own name. "" = nothing is known (an upload without a name). */
  name?: string;
  /** A disk without any mark is taken as raw only on this explicit wish. */
  asRaw?: boolean;
  limits?: Partial<IntakeLimits>;
}

export interface ConvertOptions {
  signal?: AbortSignal;
  /** From 0 to 100. */
  progress?: (percent: number) => void;
  limits?: Partial<IntakeLimits>;
}

export interface ConvertedImage {
  /** Of the file that was written, hexadecimal. */
  sha256: string;
  sizeBytes: number;
}

/** Where images may be fetched from. */
export interface FetchRules {
  /** Names of hosts, e.g. "cloud.debian.org"; ".example.org" allows every host below. */
  hosts: readonly string[];
  /**
   * Hosts that are allowed as well, and that may have private and loopback addresses (10.0.0.0/8, fc00::/7, ::1, …): a site's own
   * servers. Always whole names.
   */
  privateHosts: readonly string[];
  /** Whether plain http is allowed besides https, from private hosts alone: in the own network nobody else can alter what is sent. */
  http: boolean;
  /** Largest file. */
  fileMib: number;
  /** The connection is given up, and tried again, when nothing came for so long. */
  idleSeconds: number;
  /** Whole time for one file. */
  totalSeconds: number;
}

export interface FetchOptions {
  /** What the file must be, hexadecimal; null: the person gave none. */
  sha256: string | null;
  signal?: AbortSignal;
  /** `totalBytes` is null while the server does not say. */
  progress?: (received: { bytes: number; totalBytes: number | null }) => void;
}

export interface FetchedImage {
  sha256: string;
  sizeBytes: number;
  /** The name at the end of the last address, for `InspectOptions.name`; "" when there is none. */
  name: string;
}

/**
 * Looks at a file before anything opens it for real: first our own readers of bytes, then QEMU in a confined process.
 * @param file absolute path
 * @throws ImageRefusedError; what `signal` says when it was aborted
 */
export type InspectImage = (file: string, options?: InspectOptions) => Promise<InspectedImage>;

/**
 * Makes the file that will be booted, at `target` (absolute path; its folder is there, it is not): a qcow2 that names no other file;
 * an ISO is copied as it is and made read-only. There is nothing at `target` until all of it is on the disk; after an abort or a
 * refusal there is nothing at all.
 * @throws ImageRefusedError; what `signal` says when it was aborted
 */
export type ConvertImage = (
  file: string,
  inspected: InspectedImage,
  target: string,
  options?: ConvertOptions,
) => Promise<ConvertedImage>;

/**
 * Fetches a file to `target` (absolute path, overwritten once all of it is there; until then it grows in `<target>.part`). Where the
 * connection breaks it goes on from there if the server can, else from the start.
 * @throws ImageRefusedError; what `signal` says when it was aborted
 */
export type FetchImage = (url: string, target: string, rules: FetchRules, options: FetchOptions) => Promise<FetchedImage>;
