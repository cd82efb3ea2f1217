import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type {
  ImageChange,
  ImageTraitsChange,
  ImagesView,
  ImageView,
  IncomingFiles,
  InstanceView,
  NewImage,
  NewImageVersion,
} from '@beamdesk/contracts';
import { Observable } from 'rxjs';

/** `/api/images`, for ADMIN: images, their versions and what is done with them. Every failure is an `ApiError`. */
@Injectable({ providedIn: 'root' })
export class ImagesApi {
  private readonly http = inject(HttpClient);

  list(): Observable<ImagesView> {
    return this.http.get<ImagesView>('/api/images');
  }

  get(id: string): Observable<ImageView> {
    return this.http.get<ImageView>(image(id));
  }

  /** What lies in the server's folder of incoming images, and from where else they are taken here. */
  files(): Observable<IncomingFiles> {
    return this.http.get<IncomingFiles>('/api/images/files');
  }

  /** Without a version: there is nothing to try or to offer yet. */
  make(wish: NewImage): Observable<ImageView> {
    return this.http.post<ImageView>('/api/images', wish);
  }

  change(id: string, change: ImageChange): Observable<ImageView> {
    return this.http.patch<ImageView>(image(id), change);
  }

  /** Accepted: it is taken in from then on, see its `progress`. */
  addVersion(id: string, wish: NewImageVersion): Observable<ImageView> {
    return this.http.post<ImageView>(`${image(id)}/versions`, wish);
  }

  changeVersion(id: string, number: number, change: ImageTraitsChange): Observable<ImageView> {
    return this.http.patch<ImageView>(version(id, number), change);
  }

  /** It is what launches use from now on; the one before is retired. Running desktops stay as they are. */
  activate(id: string, number: number): Observable<ImageView> {
    return this.http.post<ImageView>(`${version(id, number)}/activate`, {});
  }

  retire(id: string, number: number): Observable<ImageView> {
    return this.http.post<ImageView>(`${version(id, number)}/retire`, {});
  }

  /** Starts a desktop of it for oneself alone, or answers the one that runs. */
  tryOut(id: string, number: number): Observable<InstanceView> {
    return this.http.post<InstanceView>(`${version(id, number)}/try`, {});
  }

  /** Takes one in again that failed, from the same source. */
  retry(id: string, number: number): Observable<ImageView> {
    return this.http.post<ImageView>(`${version(id, number)}/retry`, {});
  }

  /** One that nothing uses: its files go with it. */
  removeVersion(id: string, number: number): Observable<void> {
    return this.http.delete<void>(version(id, number));
  }

  /** One without versions. */
  remove(id: string): Observable<void> {
    return this.http.delete<void>(image(id));
  }
}

function image(id: string): string {
  return `/api/images/${encodeURIComponent(id)}`;
}

function version(id: string, number: number): string {
  return `${image(id)}/versions/${number}`;
}
