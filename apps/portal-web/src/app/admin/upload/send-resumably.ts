import { InjectionToken, inject } from '@angular/core';
import type { DetailedError, HttpResponse, Upload, UploadOptions } from 'tus-js-client';
import { ApiError } from '../../api/api-error';
import { SessionStore } from '../../api/session.store';
import { toUserMessage } from '../../api/user-message';
import { UploadMemory } from './upload-memory';

/** Where uploads go; the protocol is tus 1.0.0 (https://tus.io/protocols/resumable-upload). */
const ENDPOINT = '/api/uploads';
/** Sent in pieces, so that a proxy in between never has to hold a whole image. */
const PIECE_BYTES = 32 * 1024 * 1024;
/** Waits after a cut, one after the other; begins again with every piece that arrived. */
const AGAIN_MS = [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 30_000, 30_000, 30_000];

/** What happens to an upload. */
export interface UploadWatcher {
  /** Bytes that the server has, or that are on their way. */
  progress(sentBytes: number): void;
  /** The connection was cut; it is tried again by itself. */
  cut(): void;
  /** All of it is there; `upload`: its id at the api. */
  done(upload: string): void;
  /** It does not go on by itself. */
  failed(error: ApiError): void;
}

/** A file on its way. */
export interface ResumableUpload {
  /** From where it was left, also after `pause` or a failure. */
  start(): void;
  pause(): void;
  /** Ends it; what the server has of it is thrown away. */
  discard(): Promise<void>;
}

export type SendResumably = (file: File, fingerprint: string, watcher: UploadWatcher) => Promise<ResumableUpload>;

export const UPLOAD_MEMORY = new InjectionToken<UploadMemory>('UPLOAD_MEMORY', {
  providedIn: 'root',
  factory: () => new UploadMemory(sessionStorage),
});

/** Sends a file in a way that survives cuts. A port: specs put a double in its place. */
export const SEND_RESUMABLY = new InjectionToken<SendResumably>('SEND_RESUMABLY', {
  providedIn: 'root',
  factory: () => {
    const session = inject(SessionStore);
    const memory = inject(UPLOAD_MEMORY);
    return async (file, fingerprint, watcher) => {
      // Loaded with the first upload: nobody else needs it.
      const tus = await import('tus-js-client');
      const upload: Upload = new tus.Upload(file, optionsOf(file, fingerprint, watcher, session, memory, () => upload));
      const [previous] = await upload.findPreviousUploads();
      if (previous) upload.resumeFromPreviousUpload(previous);
      return {
        start: () => upload.start(),
        pause: () => void upload.abort(),
        discard: async () => {
          memory.forget(fingerprint);
          await upload.abort(upload.url !== null);
        },
      };
    };
  },
});

/** Exported for its spec. */
export function optionsOf(
  file: Pick<File, 'name'>,
  fingerprint: string,
  watcher: UploadWatcher,
  session: Pick<SessionStore, 'csrfToken' | 'reload'>,
  memory: UploadMemory,
  upload: () => Pick<Upload, 'url'>,
): UploadOptions {
  return {
    endpoint: ENDPOINT,
    chunkSize: PIECE_BYTES,
    retryDelays: AGAIN_MS,
    metadata: { filename: file.name },
    fingerprint: () => Promise.resolve(fingerprint),
    urlStorage: memory,
    removeFingerprintOnSuccess: true,
    onBeforeRequest: (request) => request.setHeader('X-CSRF-Token', session.csrfToken()),
    onAfterResponse: async (request, response) => {
      // The library would take any refusal here for "there is no such upload" and begin a new one.
      const gone = response.getStatus() === 404 || response.getStatus() === 410;
      if (request.getMethod() === 'HEAD' && response.getStatus() >= 400 && !gone) throw refusalOf(response);
      if (codeOf(response) === 'CSRF') await session.reload();
    },
    onShouldRetry: (error) => {
      const [status, code] = [statusOf(error), codeOf(error.originalResponse)];
      // Of the protocol itself: bytes that were not expected, a piece that is still being written. A refusal has a code.
      const soon = code === undefined && (status === 409 || status === 423);
      const again = status < 400 || status >= 500 || soon || code === 'CSRF';
      if (again) watcher.cut();
      return again;
    },
    onProgress: (sent) => watcher.progress(sent),
    onError: (error) => watcher.failed(error instanceof ApiError ? error : errorOf(error)),
    onSuccess: () => watcher.done(decodeURIComponent(upload().url?.split('/').at(-1) ?? '')),
  };
}

function statusOf(error: DetailedError): number {
  const cause = error.causingError;
  return cause instanceof ApiError ? cause.status : (error.originalResponse?.getStatus() ?? 0);
}

function errorOf(error: Error | DetailedError): ApiError {
  if (!('originalRequest' in error)) return new ApiError(-1, toUserMessage(-1, null));
  if (error.causingError instanceof ApiError) return error.causingError;
  return error.originalResponse ? refusalOf(error.originalResponse) : new ApiError(0, toUserMessage(0, null));
}

function refusalOf(response: HttpResponse): ApiError {
  return new ApiError(response.getStatus(), toUserMessage(response.getStatus(), bodyOf(response)));
}

function codeOf(response: HttpResponse | null): string | undefined {
  const body = response ? bodyOf(response) : null;
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : undefined;
}

function bodyOf(response: HttpResponse): unknown {
  try {
    return JSON.parse(response.getBody());
  } catch {
    return null;
  }
}

