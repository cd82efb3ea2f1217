import { GivenAnswer } from '../../http/testing/test-server';

const STATUS: Record<string, number> = {
  BAD_PARAMETER: 400,
  SESSION: 403,
  INSUFFICIENT_PRIVILEGES: 403,
  NO_SUCH_OBJECT_FOUND: 404,
  OBJECT_ALREADY_EXISTS: 412,
  VALIDATION: 412,
  INTERNAL: 500,
  NOT_IMPLEMENTED: 501,
};

/** What ICAT throws; becomes its answer. */
export class IcatError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  get answer(): GivenAnswer {
    return { status: STATUS[this.code] ?? 500, text: JSON.stringify({ code: this.code, message: this.message }) };
  }
}
