import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoggerModule } from 'nestjs-pino';
import { Config } from '../config';
import { requestIdOf } from './request-id';

const pathOf = (url = ''): string => url.split('?', 1)[0] ?? '';

/**
 * One JSON line per request: id, method, path, status, duration. Nothing else of it is written: query strings hold codes and
 * tickets, headers hold cookies.
 */
export const logging = LoggerModule.forRootAsync({
  inject: [Config],
  useFactory: (config: Config) => ({
    pinoHttp: {
      level: config.logLevel,
      base: null,
      genReqId: requestIdOf,
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
      serializers: {
        req: (request: { raw: IncomingMessage & { originalUrl?: string } }) => ({
          method: request.raw.method,
          path: pathOf(request.raw.originalUrl ?? request.raw.url),
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: (error: Error) => ({ type: error.name, message: error.message }),
      },
      autoLogging: { ignore: (request: IncomingMessage) => /^\/api\/(health|ready)$/.test(pathOf(request.url)) },
      customLogLevel: (_request: IncomingMessage, response: ServerResponse) =>
        response.statusCode >= 500 ? 'error' : response.statusCode >= 400 ? 'warn' : 'info',
    },
  }),
});
