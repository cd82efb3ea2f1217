import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import type { Type } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { createTestApp, TestApp } from '../../test/app/test-app';
import { PolicyName, policyOf } from './policy';

interface Route {
  name: string;
  method: string;
  path: string;
  policy: PolicyName | undefined;
}

describe('every route of the api', () => {
  let portal: TestApp;
  let routes: Route[];

  beforeAll(async () => {
    portal = await createTestApp();
    const reflector = portal.app.get(Reflector);
    const scanner = new MetadataScanner();
    routes = [...portal.app.get(ModulesContainer).values()]
      .flatMap(({ controllers }) => [...controllers.values()])
      .map(({ metatype }) => metatype as Type<Record<string, object>>)
      .flatMap((metatype) =>
        scanner.getAllMethodNames(metatype.prototype).flatMap((method) => {
          const handler = metatype.prototype[method] ?? {};
          const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
          if (verb === undefined) return [];
          const parts = [Reflect.getMetadata(PATH_METADATA, metatype), Reflect.getMetadata(PATH_METADATA, handler)] as string[];
          return [
            {
              name: `${metatype.name}.${method}`,
              method: RequestMethod[verb],
              path: `/api/${parts.join('/')}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1'),
              policy: policyOf(reflector, handler, metatype),
            },
          ];
        }),
      );
  });
  afterAll(() => portal?.close());

  it('names its policy', () => {
    expect(routes.length).toBeGreaterThan(8);
    expect(routes.filter(({ policy }) => policy === undefined).map(({ name }) => name)).toEqual([]);
  });

  it('lets only members, deciders or admins in where its path names something', () => {
    const naming = routes.filter(({ path }) => path.includes(':') && !path.endsWith('/callback/:provider'));
    const narrow: unknown[] = ['member', 'decider', 'admin'];
    expect(naming.filter(({ policy }) => !narrow.includes(policy)).map(({ name }) => name)).toEqual([]);
  });

  it('is public only when it is on this list', () => {
    const open = routes.filter(({ policy }) => policy === 'public').map(({ method, path }) => `${method} ${path}`);
    expect(open.sort()).toEqual([
      'GET /api/announcements/current',
      'GET /api/auth/callback',
      'GET /api/auth/callback/:provider',
      'GET /api/auth/sign-in',
      'GET /api/health',
      'GET /api/openapi.json',
      'GET /api/ready',
      'GET /api/session',
      'POST /api/auth/invitation',
      'POST /api/auth/password',
      'POST /api/auth/sign-out',
    ]);
  });

  it('answers a stranger 401 unless it is public, and changes nothing by GET', async () => {
    const browser = portal.browser();
    for (const { method, path, policy } of routes.filter((route) => route.policy !== 'public')) {
      const url = path.replace(/:\w+/g, 'x');
      const answer = method === 'GET' ? await browser.get(url) : await browser.send(method as 'POST', url, {});
      expect({ method, path, policy, status: answer.status }).toMatchObject({ status: 401 });
    }
  });

  it('is described in openapi.json', async () => {
    const { body } = await portal.browser().get('/api/openapi.json');
    const { paths } = body as { paths: Record<string, Record<string, unknown>> };
    const described = Object.entries(paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    const expected = routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !route.endsWith('/openapi.json'));
    expect(described.sort()).toEqual(expected.sort());
  });
});
