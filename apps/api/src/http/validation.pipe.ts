import { StandardSchemaValidationPipe } from '@nestjs/common';
import { badRequest } from './api-error';

interface Issue {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined;
}

const pathOf = (issue: Issue): string =>
  (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.');

/**
 * Validates what a route declares with `@Body({ schema })`, `@Query({ schema })` or `@Param('id', { schema })` and hands
 * the parsed value to it; otherwise 400 with at most 20 issues.
 */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues: readonly Issue[]) =>
      badRequest(issues.slice(0, 20).map((issue) => ({ path: pathOf(issue), message: issue.message }))),
  });
}
