import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { Config } from '../config';
import { loginSessionMiddleware } from '../auth/login-session.middleware';
import { countRequests } from '../metrics/count-requests';
import { bodies } from './body';
import { checkHost } from './check-host';
import { noStore } from './no-store';
import { onlyApi } from './only-api';
import { publicScheme } from './public-scheme';
import { sendRequestId } from './request-id';

/** What an api answer may do when a browser shows it as a page: nothing. */
const headers = (config: Config) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"] },
    },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    strictTransportSecurity: config.secure ? { maxAge: 31_536_000 } : false,
  });

/** Everything in front of the guards, in order; the tests configure their app with the same call. */
export function configureApp(app: NestExpressApplication): void {
  const config = app.get(Config);
  app.setGlobalPrefix('api');
  app.set('trust proxy', config.trustedProxies);
  app.set('query parser', 'simple');
  app.set('etag', false);
  app.disable('x-powered-by');
  // A large file takes longer than any limit on whole requests; `bodies` sees to all others.
  (app.getHttpServer() as Server).requestTimeout = 0;
  app.use(countRequests, sendRequestId, publicScheme(config), noStore, headers(config), onlyApi(config), checkHost(config));
  app.use(loginSessionMiddleware(app), ...bodies);
}
