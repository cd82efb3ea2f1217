import { createParamDecorator, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Person } from './person';
import { personOf } from './visitor';

/** `@CurrentPerson() person: Person` in a route that is not `public`. */
export const CurrentPerson = createParamDecorator((_data: unknown, context: ExecutionContext): Person => {
  const person = personOf(context.switchToHttp().getRequest<Request>());
  if (!person) throw new Error('@CurrentPerson() on a route whose policy lets in people who are not signed in');
  return person;
});
