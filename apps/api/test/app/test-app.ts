import { readFileSync } from 'node:fs';
import type { Role } from '@beamdesk/contracts';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test, TestingModuleBuilder } from '@nestjs/testing';
import { Logger } from 'nestjs-pino';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module';
import { AuthorisationEntity } from '../../src/auth/entities/authorisation.entity';
import { CatalogueAccountEntity } from '../../src/auth/entities/catalogue-account.entity';
import { IdentityEntity } from '../../src/auth/entities/identity.entity';
import { UserAccountEntity } from '../../src/auth/entities/user-account.entity';
import { CopySettings, DEFAULT_COPY_SETTINGS } from '../../src/catalogue-copy/copy-settings';
import { Config, loadConfig } from '../../src/config';
import { configureApp } from '../../src/http/configure-app';
import { OpenApiController } from '../../src/http/openapi.controller';
import { FakeIdentity, FakeProvider } from '../identities/fake-provider';
import { freePort } from '../postgres/embedded-postgres';
import { createTestDatabase } from '../postgres/test-database';
import { TestBrowser } from './browser';
import { createTestEnv } from './test-env';

export interface TestAppOptions {
  /** Settings on top of `createTestEnv`. */
  env?: Record<string, string>;
  /** Where it listens; any free port without it. */
  port?: number;
  /** Replaces providers, e.g. `(b) => b.overrideProvider(Hypervisor).useValue(new MemoryHypervisor())`. */
  override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** The real api on a database and a port of its own, with an OIDC provider in the same process. */
export interface TestApp {
  app: NestExpressApplication;
  config: Config;
  /** PUBLIC_URL */
  url: string;
  dataSource: DataSource;
  provider: FakeProvider;
  browser(): TestBrowser;
  /** Writes a person into the authorisation database; sign in with `browser().signIn(identity)`. */
  person(sub: string, roles?: Role[]): Promise<{ userId: string; identity: FakeIdentity }>;
  /** A browser in which that person is signed in and has accepted the conditions. */
  signedIn(sub: string, roles?: Role[]): Promise<{ browser: TestBrowser; userId: string }>;
  close(): Promise<void>;
}

export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const port = options.port ?? (await freePort());
  const portal = `http://localhost:${port}`;
  const provider = await FakeProvider.start(portal, 'd'.repeat(64));
  const database = await createTestDatabase();
  const files = createTestEnv(port, database, provider.issuer, options.env);
  const config = loadConfig(files.env);
  // Lists show at once what a test has just changed.
  const builder = Test.createTestingModule({ imports: [AppModule.with(config)] })
    .overrideProvider(CopySettings)
    .useValue({ ...DEFAULT_COPY_SETTINGS, freshMs: 0, pauseMs: 0, sweepMs: 3_600_000 });
  const module = await (options.override?.(builder) ?? builder).compile();
  const app = module.createNestApplication<NestExpressApplication>({ bodyParser: false, logger: false });
  if (config.logLevel !== 'silent') app.useLogger(app.get(Logger));
  configureApp(app);
  app.get(OpenApiController).describe(app);
  await app.listen(port, '127.0.0.1');
  const dataSource = app.get(DataSource);

  const person: TestApp['person'] = async (sub, roles = ['USER']) => {
    const identity = { sub, name: `${sub} Tester`, email: `${sub}@test.example` };
    const { name, email } = identity;
    const user = await dataSource.manager.save(dataSource.manager.create(UserAccountEntity, { name, email }));
    await dataSource.manager.insert(IdentityEntity, { userId: user.id, issuer: provider.issuer, subject: sub });
    for (const role of roles) {
      await dataSource.manager.insert(AuthorisationEntity, { userId: user.id, role, grantedBy: 'test', reason: 'test' });
    }
    await dataSource.manager.insert(CatalogueAccountEntity, { userId: user.id, catalogue: 'demo', name: sub, linkedBy: 'test' });
    return { userId: user.id, identity };
  };
  return {
    app,
    config,
    url: config.publicUrl.origin,
    dataSource,
    provider,
    browser: () => new TestBrowser(config.publicUrl.origin, provider),
    person,
    signedIn: async (sub, roles) => {
      const { userId, identity } = await person(sub, roles);
      const browser = new TestBrowser(config.publicUrl.origin, provider);
      await browser.signIn(identity);
      const { conditions } = (await browser.get('/api/session')).body as { conditions: { version: string } };
      await browser.send('POST', '/api/conditions/acceptance', { version: conditions.version });
      return { browser, userId };
    },
    close: async () => {
      await app.close();
      await provider.stop();
      await database.drop();
      files.remove();
    },
  };
}

/** What the given file of the test's settings holds, to search answers for it. */
export function secretIn(path: string): string {
  return readFileSync(path, 'utf8');
}
