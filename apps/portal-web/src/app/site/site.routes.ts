import { Routes } from '@angular/router';

/** The whole site at a glance: for STAFF, SUPPORT and ADMIN. */
export const SITE_ROUTES: Routes = [
  { path: '', title: 'Desktops of the site', loadComponent: () => import('./desktops-page').then((m) => m.DesktopsPage) },
];
