import { Routes } from '@angular/router';

export const PROPOSALS_ROUTES: Routes = [
  {
    path: '',
    title: 'Proposals',
    loadComponent: () => import('./proposals-page').then((m) => m.ProposalsPage),
  },
  {
    path: ':key',
    title: 'Proposal',
    loadComponent: () => import('./proposal-page').then((m) => m.ProposalPage),
  },
];
