import { HypervisorError } from '../errors';

/** The guest's agent answered `fail` to a command: it was heard, and cannot or will not. */
export class GuestRefused extends HypervisorError {
  constructor(said: string) {
    super('Your desktop did not answer as it should.', 'agent-failed', `the guest says: ${said}`);
  }
}
