import type { DesktopStore } from './desktop.store';

/** What the page shows; one component each. */
export type DesktopView = 'loading' | 'display' | 'starting' | 'stopped' | 'failed' | 'stopped-for-good' | 'gone';

/**
 * Decides what the page shows: a connection that stands, or is on its way, before the state of the instance. The way from
 * the click to the first picture is one view, so that nothing flickers when it takes less than a second.
 */
export function desktopView(
  store: Pick<DesktopStore, 'comingUp' | 'engaged' | 'loaded' | 'instance' | 'lastKnown'>,
): DesktopView {
  if (store.engaged()) {
    return store.comingUp() ? 'starting' : 'display';
  }
  if (!store.loaded()) {
    return 'loading';
  }
  const instance = store.instance();
  if (!instance) {
    return store.lastKnown() ? 'stopped-for-good' : 'gone';
  }
  switch (instance.state) {
    case 'READY':
      return store.comingUp() ? 'starting' : 'display';
    case 'FAILED':
      return 'failed';
    case 'STOPPING':
    case 'STOPPED':
    case 'DELETING':
    case 'DELETED':
      return 'stopped';
    default:
      return instance.wanted === 'RUNNING' ? 'starting' : 'stopped';
  }
}
