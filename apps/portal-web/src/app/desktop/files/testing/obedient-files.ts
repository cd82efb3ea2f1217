import type { FileEntry, FolderView, MadeFolder, SentFile } from '@beamdesk/contracts';
import { Observable, defer, of, throwError } from 'rxjs';
import { ApiError } from '../../../api/api-error';
import type { FilesApi, SendOptions } from '../../../api/files';
import { toUserMessage } from '../../../api/user-message';
import { USUAL_PLACES } from '../file-paths';

/** An upload that stands until a test ends it. */
export class ObedientUpload {
  readonly answer: Promise<SentFile>;
  private settle: (outcome: SentFile | Error) => void = () => undefined;

  constructor(
    readonly path: string,
    readonly file: Blob,
    readonly options: SendOptions,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.settle = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
      options.signal.addEventListener('abort', () => reject(options.signal.reason as unknown));
    });
  }

  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  arrive(): void {
    this.settle({ name: this.name, size: this.file.size, modifiedAt: '2026-11-21T10:00:00.000Z' });
  }

  fail(error: Error): void {
    this.settle(error);
  }
}

/** A refusal as the api sends it; status 0 is a line that broke. */
export function refusal(status: number, code: string): ApiError {
  return new ApiError(status, toUserMessage(status, { code, message: `message of ${code}` }));
}

export function entry(name: string, kind: FileEntry['kind'] = 'file', size = 3): FileEntry {
  return { name, kind, size, modifiedAt: '2026-11-20T14:03:00.000Z' };
}

/** The files of a desktop in a test's hand: folders that are listed, uploads that stand until the test ends them. */
export class ObedientFiles implements Pick<FilesApi, 'list' | 'makeFolder' | 'contentUrl' | 'send'> {
  readonly folders = new Map<string, FileEntry[]>([['/scratch', []]]);
  readonly uploads: ObedientUpload[] = [];
  readonly listed: string[] = [];
  readonly made: string[] = [];
  view: Partial<FolderView> = {};
  /** Set to make every listing fail. */
  listError: ApiError | undefined;
  /** Set to make every folder fail. */
  makeError: ApiError | undefined;

  list(_instanceId: string, path: string): Observable<FolderView> {
    return defer(() => {
      this.listed.push(path);
      const entries = this.folders.get(path);
      if (this.listError) return throwError(() => this.listError);
      if (!entries) return throwError(() => refusal(404, 'FILE_NOT_FOUND'));
      const places = [...USUAL_PLACES];
      return of({
        path,
        places,
        entries: [...entries],
        truncated: false,
        freeBytes: 1000,
        limitBytes: 100,
        ...this.view,
      });
    });
  }

  makeFolder(_instanceId: string, path: string): Observable<MadeFolder> {
    return defer(() => {
      if (this.makeError) return throwError(() => this.makeError);
      this.made.push(path);
      const cut = path.lastIndexOf('/');
      this.folders.get(path.slice(0, cut))?.push(entry(path.slice(cut + 1), 'folder', 0));
      if (!this.folders.has(path)) this.folders.set(path, []);
      return of({ path });
    });
  }

  contentUrl(instanceId: string, path: string): string {
    return `/content/${instanceId}?path=${encodeURIComponent(path)}`;
  }

  send(_instanceId: string, path: string, file: Blob, options: SendOptions): Promise<SentFile> {
    const upload = new ObedientUpload(path, file, options);
    this.uploads.push(upload);
    return upload.answer;
  }

  /** The upload of this name that began last. */
  upload(name: string): ObedientUpload {
    const upload = this.uploads.findLast((each) => each.name === name);
    if (!upload) throw new Error(`${name} was not sent`);
    return upload;
  }
}
