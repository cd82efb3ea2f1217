import { Routes } from '@angular/router';

/** Below `/desktop`; the parameter arrives as the input `instanceId` of the page. */
export const DESKTOP_ROUTES: Routes = [
  {
    path: ':instanceId',
    title: 'Desktop',
    loadComponent: () => import('./desktop-page').then((m) => m.DesktopPage),
  },
];
