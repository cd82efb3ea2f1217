import { Routes } from '@angular/router';

/** What desktops are made of: for ADMIN. */
export const ADMIN_ROUTES: Routes = [
  { path: '', title: 'Images', loadComponent: () => import('./images-page').then((m) => m.ImagesPage) },
  { path: 'new', title: 'Register an image', loadComponent: () => import('./register-page').then((m) => m.RegisterPage) },
  { path: 'plans', title: 'Plans', loadComponent: () => import('./plans-page').then((m) => m.PlansPage) },
  { path: 'flavours', title: 'Flavours', loadComponent: () => import('./flavours-page').then((m) => m.FlavoursPage) },
  { path: 'gpus', title: 'GPUs', loadComponent: () => import('./gpus-page').then((m) => m.GpusPage) },
  { path: ':id', title: 'Image', loadComponent: () => import('./image-page').then((m) => m.ImagePage) },
  { path: ':id/new', title: 'New version', loadComponent: () => import('./register-page').then((m) => m.RegisterPage) },
];
