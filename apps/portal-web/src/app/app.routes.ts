import { Routes } from '@angular/router';
import { adminsOnly, admitted, anyLogin, decidersOnly, mayAccept, signedIn, signedOut, staffOnly } from './auth/guards';

/**
 * Every address of the portal. `data.bare`: the page takes the whole window, without the shell's bars.
 * Route parameters arrive as component inputs of the same name.
 */
export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: 'Welcome',
    canActivate: [signedOut],
    loadComponent: () => import('./auth/welcome-page').then((m) => m.WelcomePage),
  },
  // Where the api sends those whose sign-in went wrong; keeps `?error=CODE`.
  { path: 'welcome', redirectTo: 'sign-in' },
  {
    path: 'sign-in',
    title: 'Sign in',
    canActivate: [signedOut],
    loadComponent: () => import('./auth/sign-in-page').then((m) => m.SignInPage),
  },
  {
    path: 'sign-in/password',
    title: 'Sign in',
    canActivate: [signedOut],
    loadComponent: () => import('./auth/password-page').then((m) => m.PasswordPage),
  },
  {
    path: 'not-authorised',
    title: 'Not authorised',
    canActivate: [signedIn],
    loadComponent: () => import('./auth/not-authorised-page').then((m) => m.NotAuthorisedPage),
  },
  {
    path: 'account',
    title: 'Account',
    canActivate: [anyLogin],
    loadComponent: () => import('./account/account-page').then((m) => m.AccountPage),
  },
  {
    path: 'invitation',
    title: 'Invitation',
    loadComponent: () => import('./auth/invitation-page').then((m) => m.InvitationPage),
  },
  {
    path: 'conditions',
    title: 'Conditions of Usage',
    canActivate: [mayAccept],
    loadComponent: () => import('./auth/conditions-page').then((m) => m.ConditionsPage),
  },
  {
    path: '',
    canActivate: [admitted],
    children: [
      { path: 'proposals', loadChildren: () => import('./proposals/proposals.routes').then((m) => m.PROPOSALS_ROUTES) },
      {
        path: 'resources',
        title: 'Resources',
        loadComponent: () => import('./resources/resources-page').then((m) => m.ResourcesPage),
      },
      {
        path: 'quotas',
        title: 'Quotas',
        loadComponent: () => import('./quotas/quotas-page').then((m) => m.QuotasPage),
      },
      {
        path: 'templates',
        title: 'Templates',
        canMatch: [staffOnly],
        loadComponent: () => import('./staff/templates-page').then((m) => m.TemplatesPage),
      },
      {
        path: 'templates',
        title: 'Not for your role',
        loadComponent: () => import('./staff/not-for-your-role-page').then((m) => m.NotForYourRolePage),
      },
      { path: 'site', canMatch: [staffOnly], loadChildren: () => import('./site/site.routes').then((m) => m.SITE_ROUTES) },
      {
        path: 'site',
        children: [
          {
            path: '**',
            title: 'Not for your role',
            loadComponent: () => import('./staff/not-for-your-role-page').then((m) => m.NotForYourRolePage),
          },
        ],
      },
      { path: 'people', canMatch: [decidersOnly], loadChildren: () => import('./staff/people.routes').then((m) => m.PEOPLE_ROUTES) },
      {
        path: 'people',
        children: [
          {
            path: '**',
            title: 'Not for your role',
            loadComponent: () => import('./staff/not-for-your-role-page').then((m) => m.NotForYourRolePage),
          },
        ],
      },
      { path: 'requests', redirectTo: 'people/requests' },
      { path: 'images', canMatch: [adminsOnly], loadChildren: () => import('./admin/admin.routes').then((m) => m.ADMIN_ROUTES) },
      {
        path: 'images',
        children: [
          {
            path: '**',
            title: 'Not for your role',
            loadComponent: () => import('./staff/not-for-your-role-page').then((m) => m.NotForYourRolePage),
          },
        ],
      },
      {
        path: 'software',
        title: 'Software',
        loadComponent: () => import('./software/software-page').then((m) => m.SoftwarePage),
      },
      {
        path: 'desktop',
        data: { bare: true },
        loadChildren: () => import('./desktop/desktop.routes').then((m) => m.DESKTOP_ROUTES),
      },
    ],
  },
  {
    path: '**',
    title: 'Not found',
    loadComponent: () => import('./shell/not-found-page').then((m) => m.NotFoundPage),
  },
];
