import { HttpClient } from '@angular/common/http';
import { Injectable, InjectionToken, inject } from '@angular/core';
import type { FolderView, MadeFolder, MakeFolder, SentFile } from '@beamdesk/contracts';
import { Observable } from 'rxjs';
import { ApiError } from './api-error';
import { SessionStore } from './session.store';
import { toUserMessage } from './user-message';

/** How a file is sent. */
export interface SendOptions {
  /** Replace what has this name already; otherwise the answer is `FILE_EXISTS`. */
  readonly overwrite: boolean;
  /** Ends the request; nothing of the file stays in the desktop. */
  readonly signal: AbortSignal;
  /** Bytes that have left so far; as often as the browser tells. */
  readonly progress: (sentBytes: number) => void;
}

/** Makes the request of an upload. `fetch` tells no progress of what it sends, and so neither does `HttpClient` here. */
export const OPEN_UPLOAD = new InjectionToken<() => XMLHttpRequest>('OPEN_UPLOAD', {
  providedIn: 'root',
  factory: () => () => new XMLHttpRequest(),
});

/** `/api/instances/:id/files`: paths are absolute paths in the guest. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class FilesApi {
  private readonly http = inject(HttpClient);
  private readonly session = inject(SessionStore);
  private readonly openUpload = inject(OPEN_UPLOAD);

  list(instanceId: string, path: string): Observable<FolderView> {
    return this.http.get<FolderView>(`${base(instanceId)}?path=${encodeURIComponent(path)}`);
  }

  /** Its parent must exist; a folder that is there already is fine. */
  makeFolder(instanceId: string, path: string): Observable<MadeFolder> {
    const body: MakeFolder = { path };
    return this.http.post<MadeFolder>(`${base(instanceId)}/folders`, body);
  }

  /** Where a browser downloads a file from, as an attachment with its own name. */
  contentUrl(instanceId: string, path: string): string {
    return `${base(instanceId)}/content?path=${encodeURIComponent(path)}`;
  }

  /**
   * Sends a file; the browser reads it from the disk as it goes. Rejects with an `ApiError` (code `OFFLINE` when no
   * answer came), or with the signal's reason. A sign-in that ended leads nowhere by itself: the file would be lost.
   */
  async send(instanceId: string, path: string, file: Blob, options: SendOptions): Promise<SentFile> {
    const url = this.contentUrl(instanceId, path) + (options.overwrite ? '&overwrite=true' : '');
    try {
      return await this.put(url, file, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'CSRF') throw error;
      // As for every other request: this tab missed a new sign-in in another one.
      const person = this.session.user()?.id;
      await this.session.reload();
      if (this.session.user()?.id !== person) throw error;
      return this.put(url, file, options);
    }
  }

  private put(url: string, file: Blob, { signal, progress }: SendOptions): Promise<SentFile> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const request = this.openUpload();
      const abort = () => request.abort();
      signal.addEventListener('abort', abort);
      const over = () => signal.removeEventListener('abort', abort);
      const refuse = () => {
        over();
        reject(new ApiError(request.status, toUserMessage(request.status, request.response)));
      };
      request.open('PUT', url);
      request.responseType = 'json';
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.setRequestHeader('X-CSRF-Token', this.session.csrfToken());
      request.upload.onprogress = ({ loaded }) => progress(loaded);
      request.onload = () => {
        over();
        if (request.status >= 200 && request.status < 300 && request.response) resolve(request.response as SentFile);
        else refuse();
      };
      request.onerror = refuse;
      request.onabort = () => {
        over();
        reject(signal.reason as unknown);
      };
      request.send(file);
    });
  }
}

function base(instanceId: string): string {
  return `/api/instances/${encodeURIComponent(instanceId)}/files`;
}
