import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Route, Routes } from '@angular/router';
import { routes } from './app.routes';

/** Addresses of all pages; what stands in for a page that is not for one's role, or is not there, is none. */
async function addresses(of: Routes, before = ''): Promise<string[]> {
  const pages = of.map(async (route: Route) => {
    const address = [before, route.path].filter(Boolean).join('/');
    if (route.redirectTo !== undefined || route.path === '**' || route.title === 'Not for your role') return [];
    const children = route.children ?? ((await route.loadChildren?.()) as Routes | undefined);
    return children ? addresses(children, address) : [`/${address}`];
  });
  return (await Promise.all(pages)).flat();
}

describe('the list of pages that e2e looks at', () => {
  it('names every page of the portal, and no other', async () => {
    const list = readFileSync(join(__dirname, '../../../../e2e/pages/pages.ts'), 'utf8');
    const named = [...list.matchAll(/\{ address: '([^']+)'/g)].map(([, address]) => address);
    expect([...named].sort()).toEqual([...new Set(await addresses(routes))].sort());
  });
});
