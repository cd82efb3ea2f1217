import { Routes } from '@angular/router';

/** Who is let in: for STAFF and ADMIN. */
export const PEOPLE_ROUTES: Routes = [
  { path: '', title: 'People', loadComponent: () => import('./people-page').then((m) => m.PeoplePage) },
  { path: 'requests', title: 'Requests', loadComponent: () => import('./requests-page').then((m) => m.RequestsPage) },
  {
    path: 'quota-requests',
    title: 'Quota requests',
    loadComponent: () => import('./quota-requests-page').then((m) => m.QuotaRequestsPage),
  },
  {
    path: 'invitations',
    title: 'Invitations',
    loadComponent: () => import('./invitations-page').then((m) => m.InvitationsPage),
  },
];
