import { Routes } from '@angular/router';
import { adminsOnly, decidersOnly } from '../auth/guards';

/** The whole site at a glance: for STAFF, SUPPORT and ADMIN. */
export const SITE_ROUTES: Routes = [
  { path: '', title: 'Desktops of the site', loadComponent: () => import('./desktops-page').then((m) => m.DesktopsPage) },
  { path: 'hosts', title: 'Hosts', loadComponent: () => import('./hosts-page').then((m) => m.HostsPage) },
  { path: 'usage', title: 'Usage', loadComponent: () => import('./usage-page').then((m) => m.UsagePage) },
  {
    path: 'quotas',
    title: 'Quotas of the site',
    canMatch: [decidersOnly],
    loadComponent: () => import('./quotas/limits-page').then((m) => m.LimitsPage),
  },
  {
    path: 'quotas/:kind/:id',
    title: 'Quota',
    canMatch: [decidersOnly],
    loadComponent: () => import('./quotas/subject-page').then((m) => m.SubjectPage),
  },
  {
    path: 'quotas',
    title: 'Not for your role',
    loadComponent: () => import('../staff/not-for-your-role-page').then((m) => m.NotForYourRolePage),
  },
  {
    path: 'announcements',
    title: 'Announcements',
    canMatch: [adminsOnly],
    loadComponent: () => import('./announcements/announcements-page').then((m) => m.AnnouncementsPage),
  },
  {
    path: 'announcements',
    title: 'Not for your role',
    loadComponent: () => import('../staff/not-for-your-role-page').then((m) => m.NotForYourRolePage),
  },
  {
    path: 'audit',
    title: 'Audit',
    canMatch: [adminsOnly],
    loadComponent: () => import('./audit-page').then((m) => m.AuditPage),
  },
  {
    path: 'audit',
    title: 'Not for your role',
    loadComponent: () => import('../staff/not-for-your-role-page').then((m) => m.NotForYourRolePage),
  },
];
