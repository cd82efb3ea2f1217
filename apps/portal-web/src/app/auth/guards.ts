import { inject } from '@angular/core';
import { CanActivateFn, CanMatchFn, Router, RouterStateSnapshot, UrlTree } from '@angular/router';
import { SessionStore } from '../api/session.store';

/** Public pages that only make sense before sign-in: whoever is in goes on to where they were heading. */
export const signedOut: CanActivateFn = async (route) => {
  const session = await loadedSession();
  return session.store.signedIn() ? session.router.parseUrl(returnPath(route.queryParamMap.get('returnTo'))) : true;
};

/** Signed in, but let into nothing: the page that says whom to ask. */
export const signedIn: CanActivateFn = async () => {
  const { store, router } = await loadedSession();
  if (!store.signedIn()) return router.parseUrl('/');
  return store.authorised() ? router.parseUrl('/proposals') : true;
};

/** Signed in, let into anything or not: what is about one's own login. */
export const anyLogin: CanActivateFn = async (_route, state) => {
  const { store, router } = await loadedSession();
  return store.signedIn() || router.createUrlTree(['/sign-in'], { queryParams: { returnTo: state.url } });
};

/** Signed in and authorised; the Conditions of Usage may be accepted or only read again. */
export const mayAccept: CanActivateFn = async (_route, state) => {
  const { store, router } = await loadedSession();
  return firstObstacle(store, router, state) ?? true;
};

/** The pages that show anything: signed in, then authorised, then Conditions of Usage accepted. */
export const admitted: CanActivateFn = async (_route, state) => {
  const { store, router } = await loadedSession();
  const obstacle = firstObstacle(store, router, state);
  if (obstacle) return obstacle;
  return store.conditionsAccepted() || router.createUrlTree(['/conditions'], { queryParams: { returnTo: state.url } });
};

/** Pages for STAFF, SUPPORT and ADMIN; anybody else gets the route after it. The api decides again with every request. */
export const staffOnly: CanMatchFn = async () => {
  const { store } = await loadedSession();
  return store.staff();
};

/** Pages for those who decide who is let in: STAFF and ADMIN; anybody else gets the route after it. */
export const decidersOnly: CanMatchFn = async () => {
  const { store } = await loadedSession();
  return store.decides();
};

/** Pages for ADMIN alone; anybody else gets the route after it. */
export const adminsOnly: CanMatchFn = async () => {
  const { store } = await loadedSession();
  return store.admin();
};

/** A path of this portal from a query parameter; anything else is the proposals page (no open redirect). */
export function returnPath(returnTo: string | null): string {
  return returnTo !== null && /^\/(?![/\\])/.test(returnTo) ? returnTo : '/proposals';
}

function firstObstacle(store: SessionStore, router: Router, state: RouterStateSnapshot): UrlTree | undefined {
  if (!store.signedIn()) return router.createUrlTree(['/sign-in'], { queryParams: { returnTo: state.url } });
  return store.authorised() ? undefined : router.parseUrl('/not-authorised');
}

/** Waits for the first session; while it cannot be had the shell shows why and offers Retry. */
async function loadedSession(): Promise<{ store: SessionStore; router: Router }> {
  const store = inject(SessionStore);
  const router = inject(Router);
  await store.whenLoaded();
  return { store, router };
}
