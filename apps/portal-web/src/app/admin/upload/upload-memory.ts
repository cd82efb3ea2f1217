import type { PreviousUpload, UrlStorage } from 'tus-js-client';

const PREFIX = 'beamdesk.upload.';

/** An upload that was begun in this tab and has not ended. */
export interface BegunUpload {
  readonly fingerprint: string;
  /** At the api. */
  readonly id: string;
  readonly name: string;
  readonly size: number | null;
}

/**
 * Where uploads that were begun are remembered, so that they go on after the page was loaded again: for this tab only, and
 * nothing but an address that is worth nothing without the person's sign-in.
 */
export class UploadMemory implements UrlStorage {
  constructor(private readonly storage: Storage) {}

  findAllUploads(): Promise<PreviousUpload[]> {
    return Promise.resolve(this.entries().map(({ upload }) => upload));
  }

  findUploadsByFingerprint(fingerprint: string): Promise<PreviousUpload[]> {
    const found = this.entries().filter((entry) => entry.fingerprint === fingerprint);
    return Promise.resolve(found.map(({ upload }) => upload));
  }

  addUpload(fingerprint: string, upload: PreviousUpload): Promise<string> {
    const key = PREFIX + fingerprint;
    try {
      this.storage.setItem(key, JSON.stringify(upload));
    } catch {
      // Full, or not allowed: the upload works, only it would begin anew after the page was loaded again.
    }
    return Promise.resolve(key);
  }

  removeUpload(key: string): Promise<void> {
    this.storage.removeItem(key);
    return Promise.resolve();
  }

  /** In the order in which they were begun. */
  begun(): BegunUpload[] {
    return this.entries()
      .sort((a, b) => a.upload.creationTime.localeCompare(b.upload.creationTime))
      .map(({ fingerprint, upload }) => ({
        fingerprint,
        id: encodeURIComponent(upload.uploadUrl?.split('/').at(-1) ?? ''),
        name: upload.metadata['filename'] ?? 'a file',
        size: upload.size,
      }));
  }

  forget(fingerprint: string): void {
    this.storage.removeItem(PREFIX + fingerprint);
  }

  private entries(): { fingerprint: string; upload: PreviousUpload }[] {
    const keys = Array.from({ length: this.storage.length }, (_, place) => this.storage.key(place) ?? '');
    return keys
      .filter((key) => key.startsWith(PREFIX))
      .flatMap((key) => {
        const upload = read(this.storage.getItem(key));
        return upload ? [{ fingerprint: key.slice(PREFIX.length), upload: { ...upload, urlStorageKey: key } }] : [];
      });
  }
}

/** Undefined: not ours, or broken. */
function read(stored: string | null): PreviousUpload | undefined {
  try {
    const upload = JSON.parse(stored ?? '') as Partial<PreviousUpload> | null;
    const whole = typeof upload?.uploadUrl === 'string' && typeof upload.creationTime === 'string';
    return whole ? ({ metadata: {}, size: null, ...upload } as PreviousUpload) : undefined;
  } catch {
    return undefined;
  }
}
