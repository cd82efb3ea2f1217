import type { FolderView, SentFile } from '@beamdesk/contracts';
import type { GuestFiles } from '@beamdesk/hypervisor';
import { Injectable, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Person } from '../auth/person';
import { Config } from '../config';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { sendFile } from './download-response';
import { FileAccess } from './file-access';
import { guestPath, placesOf } from './file-paths';
import { folderView, MOST_ENTRIES } from './folder-view';
import { type Transfer, Transfers } from './transfers';
import { announcedLength, bodyOf } from './upload-request';

/** Files between a browser and a guest. Every method first decides whether this person may; the guest decides the rest. */
@Injectable()
export class FilesService {
  private readonly logger = new Logger('Files');

  constructor(
    private readonly config: Config,
    private readonly access: FileAccess,
    private readonly transfers: Transfers,
  ) {}

  async list(person: Person, id: string, given: unknown): Promise<FolderView> {
    const instance = await this.access.require(person, id);
    const path = guestPath(given);
    return this.access.with(instance, async (files) => {
      const [listing, freeBytes] = await Promise.all([files.list(path, MOST_ENTRIES), files.space(path)]);
      return folderView(listing, {
        path,
        places: placesOf(instance),
        freeBytes,
        limitBytes: this.config.filesLimitBytes,
      });
    });
  }

  /** True: made; false: it was there. */
  async makeFolder(person: Person, id: string, given: unknown): Promise<boolean> {
    const instance = await this.access.require(person, id);
    const path = guestPath(given);
    return this.access.with(instance, async (files) => (await files.makeFolder(path)) === 'made');
  }

  /** Takes the request's body as the file's content. */
  async receive(person: Person, id: string, given: unknown, overwrite: boolean, request: Request): Promise<SentFile> {
    const instance = await this.access.require(person, id);
    const path = guestPath(given);
    const size = announcedLength(request, this.config.filesLimitBytes);
    return this.transfer(person, instance, 'received', async (files, transfer) => {
      const file = await files.write(path, bodyOf(request, transfer), { size, overwrite }, transfer.signal);
      return { name: file.name, size: file.size, modifiedAt: file.modifiedAt.toISOString() };
    });
  }

  /** Answers with the file's content. */
  async send(person: Person, id: string, given: unknown, request: Request, response: Response): Promise<void> {
    const instance = await this.access.require(person, id);
    const path = guestPath(given);
    await this.transfer(person, instance, 'sent', async (files, transfer) => {
      const opened = await files.read(path);
      try {
        await sendFile(opened, request, response, transfer);
      } finally {
        await opened.close();
      }
    });
  }

  /** One file on its way; fails with the reason for which it had to end, if it had to. */
  private async transfer<T>(
    person: Person,
    instance: InstanceEntity,
    what: string,
    task: (files: GuestFiles, transfer: Transfer) => Promise<T>,
  ): Promise<T> {
    const transfer = this.transfers.begin({ userId: person.id, loginSid: person.loginSid, instanceId: instance.id });
    const started = performance.now();
    try {
      return await this.access.with(instance, (files) => task(files, transfer));
    } catch (error) {
      throw transfer.signal.aborted ? transfer.signal.reason : error;
    } finally {
      transfer.end();
      // Never the name: it may say what is being measured.
      this.logger.log(
        `${instance.id}: ${transfer.bytes} bytes ${what} in ${Math.round(performance.now() - started)} ms`,
      );
    }
  }
}
