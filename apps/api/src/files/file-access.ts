import { type GuestFiles, Hypervisor } from '@beamdesk/hypervisor';
import { Injectable } from '@nestjs/common';
import type { Person } from '../auth/person';
import { Config } from '../config';
import { ApiError, notFound } from '../http/api-error';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { InstanceAccess } from '../instances/instance-access';
import { type Denial, SessionRights } from '../sessions/session-rights';
import { fileError, filesUnavailable } from './file-errors';

/** Whose login session wants the files of which instance. */
export interface FileUser {
  userId: string;
  loginSid: string;
  instanceId: string;
}

const NOT_READY = 'The desktop is not ready, so its files cannot be reached. Open it, or wait until it is ready.';
const OTHER_PROCESS =
  'Files of this desktop cannot be reached here: the portal runs its desktops in another process than its pages.';

/** The one place that decides whether somebody may use the files of an instance, before anything is asked of its guest. */
@Injectable()
export class FileAccess {
  constructor(
    private readonly config: Config,
    private readonly access: InstanceAccess,
    private readonly rights: SessionRights,
    private readonly hypervisor: Hypervisor,
  ) {}

  /** @throws ApiError 404 no member, 403 NOT_ALLOWED, FILES_OFF, 409 DESKTOP_NOT_READY */
  async require(person: Person, instanceId: string): Promise<InstanceEntity> {
    const { instance } = await this.access.require(person.id, instanceId, 'control');
    if (instance.state === 'DELETED') throw notFound();
    if (this.config.filesLimitBytes === 0) {
      throw new ApiError(
        403,
        'FILES_OFF',
        'This portal does not exchange files with desktops. Ask its operators what to use instead.',
      );
    }
    const denied = await this.denied({ userId: person.id, loginSid: person.loginSid, instanceId });
    if (denied) throw denied;
    if (instance.state !== 'READY') throw notReady();
    return instance;
  }

  /** Why these files may not be used any longer; null = they may. */
  async denied({ userId, loginSid, instanceId }: FileUser): Promise<ApiError | null> {
    // As of a session that begins now: a guest that restarted has ended the transfer itself.
    const decision = await this.rights.mayGoOn({ userId, loginSid, instanceId, openedAt: new Date() });
    if ('denied' in decision) return answerTo(decision.denied);
    if (await this.access.find(userId, instanceId, 'control')) return null;
    return new ApiError(403, 'NOT_ALLOWED', 'You may look at this desktop, but no longer exchange files with it.');
  }

  /** The guest's files, until they are closed. @throws ApiError 503 FILES_UNAVAILABLE */
  async with<T>(instance: InstanceEntity, task: (files: GuestFiles) => Promise<T>): Promise<T> {
    if (!this.config.roles.has('worker') || instance.hostId !== this.config.hostName) {
      throw filesUnavailable(OTHER_PROCESS, `host ${instance.hostId} is not served by this process`);
    }
    try {
      const files = await this.hypervisor.files(instance.id);
      return await task(files).finally(() => files.close());
    } catch (error) {
      throw fileError(error);
    }
  }
}

function answerTo({ code, message }: Denial): ApiError {
  switch (code) {
    case 'SIGNED_OUT':
      return new ApiError(401, 'NOT_SIGNED_IN', 'You are not signed in, or your sign-in has ended. Sign in again.');
    case 'NOT_READY':
    case 'STOPPED':
      return notReady();
    case 'NOT_A_MEMBER':
      return notFound();
    default:
      return new ApiError(403, code, message);
  }
}

const notReady = () => new ApiError(409, 'DESKTOP_NOT_READY', NOT_READY);
