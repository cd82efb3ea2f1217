import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageSource, incomingName, type IncomingFiles } from '@beamdesk/contracts';
import type { Person } from '../../auth/person';
import { Config } from '../../config';
import { ApiError } from '../../http/api-error';
import type { VersionSource } from '../entities/image-version.entity';
import { Uploads } from '../uploads/uploads';

const LISTED = 500;

/** From where versions may be taken: the server's folder of incoming images, uploads, addresses. */
export class Sources {
  constructor(
    private readonly config: Pick<Config, 'imageIntake' | 'dataDir'>,
    private readonly uploads: Uploads,
  ) {}

  /** Plain files of the folder, newest first. */
  async files(): Promise<IncomingFiles> {
    const { dir, urlHosts, uploadLimitBytes } = this.config.imageIntake;
    const entries = await readdir(dir, { withFileTypes: true }).catch(absent);
    const names = entries.filter((entry) => entry.isFile() && incomingName.safeParse(entry.name).success);
    const found = await Promise.all(
      names.slice(0, 10 * LISTED).map(async ({ name }) => {
        const seen = await lstat(join(dir, name)).catch(() => null);
        return seen?.isFile() ? [{ name, sizeBytes: seen.size, modifiedAt: seen.mtime.toISOString() }] : [];
      }),
    );
    const items = found.flat().sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt) || a.name.localeCompare(b.name));
    return {
      items: items.slice(0, LISTED),
      more: items.length > LISTED || names.length > 10 * LISTED,
      urlHosts: [...urlHosts],
      uploadLimitBytes,
    };
  }

  /** What is kept of the source. @throws ApiError 409 SOURCE_MISSING, UPLOAD_NOT_FINISHED, URL_NOT_ALLOWED */
  async check(person: Person, source: ImageSource): Promise<VersionSource> {
    if (source.kind === 'upload') {
      const upload = await this.uploads.find(person.id, source.upload);
      if (!upload) throw missing('upload');
      if (!upload.finished) throw new ApiError(409, 'UPLOAD_NOT_FINISHED', 'This upload has not come to its end yet.');
      return { kind: 'upload', upload: source.upload, name: upload.name, sha256: upload.sha256 };
    }
    await this.checkAgain(source);
    return source;
  }

  /** Whether it is still there. @throws ApiError 409 SOURCE_MISSING, URL_NOT_ALLOWED */
  async checkAgain(source: VersionSource): Promise<void> {
    if (source.kind === 'url') {
      if (this.config.imageIntake.urlHosts.length > 0) return;
      throw new ApiError(409, 'URL_NOT_ALLOWED', 'Images are not taken from addresses here. IMAGE_URL_HOSTS says from which hosts.');
    }
    const path = this.pathOf(source);
    const seen = path === null ? null : await lstat(path).catch(() => null);
    if (!seen?.isFile()) throw missing(source.kind === 'upload' ? 'upload' : 'file');
  }

  /** Null: nothing on this computer. */
  pathOf(source: VersionSource): string | null {
    if (source.kind === 'file') return join(this.config.imageIntake.dir, source.name);
    return source.kind === 'upload' ? this.uploads.pathOf(source.upload) : null;
  }
}

function missing(what: 'upload' | 'file'): ApiError {
  return new ApiError(409, 'SOURCE_MISSING', `This ${what} is not there any more.`);
}

function absent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
