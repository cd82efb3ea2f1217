import { Injectable, computed, inject } from '@angular/core';
import { SessionStore } from '../api/session.store';
import { IconName } from './icon-paths';

interface PageLink {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
}

const EVERYBODY: readonly PageLink[] = [
  { path: '/proposals', label: 'Proposals', icon: 'list' },
  { path: '/resources', label: 'Resources', icon: 'desktop' },
  { path: '/quotas', label: 'Quotas', icon: 'gauge' },
];
const DECIDERS: readonly PageLink[] = [{ path: '/people', label: 'People', icon: 'people' }];
const STAFF: readonly PageLink[] = [{ path: '/site', label: 'Site', icon: 'pulse' }];
const ADMINS: readonly PageLink[] = [{ path: '/images', label: 'Images', icon: 'layers' }];

/** The pages that the bars lead to, by the roles of who is signed in. */
@Injectable({ providedIn: 'root' })
export class Pages {
  private readonly session = inject(SessionStore);
  readonly shown = computed(() => [
    ...EVERYBODY,
    ...(this.session.decides() ? DECIDERS : []),
    ...(this.session.staff() ? STAFF : []),
    ...(this.session.admin() ? ADMINS : []),
  ]);
}
