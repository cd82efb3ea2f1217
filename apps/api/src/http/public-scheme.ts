import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { Config } from '../config';

/** Whether people reach us by https is what PUBLIC_URL says, not what a proxy's header says: `Secure` cookies hang on it. */
export function publicScheme(config: Config): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction): void => {
    Object.defineProperty(request, 'secure', { value: config.secure });
    next();
  };
}
