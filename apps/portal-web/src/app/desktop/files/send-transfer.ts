import { Injectable, inject } from '@angular/core';
import { ApiError } from '../../api/api-error';
import { FilesApi } from '../../api/files';
import { Destination, Destinations } from './destinations';
import { freeName, join } from './file-paths';
import { Transfer, TransferState } from './transfer';
import { TransferRefused, UNREADABLE, noRoom, tooLarge } from './transfer-failure';

/** Brings one file to its desktop: looks first, so that nothing is sent in vain. */
@Injectable({ providedIn: 'root' })
export class SendTransfer {
  private readonly api = inject(FilesApi);
  private readonly destinations = inject(Destinations);

  /** How it went: done, skipped, or a question. Rejects with an `ApiError`, a `TransferRefused` or the signal's reason. */
  async run(transfer: Transfer, signal: AbortSignal): Promise<TransferState> {
    const { batch, folder, instanceId, file } = transfer;
    await this.destinations.make(batch, folder);
    const there = await this.destinations.look(instanceId, folder);
    signal.throwIfAborted();
    if (file.size > there.limitBytes) throw tooLarge(file.size, there.limitBytes);
    if (there.freeBytes !== null && file.size > there.freeBytes) throw this.full(transfer, there.freeBytes);
    const rule = transfer.rule ?? batch.rule;
    const existing = there.entries.get(transfer.name());
    if (existing || transfer.taken.has(transfer.name())) {
      // What replaces a folder would be refused: that is for the person to decide anew.
      if (!rule || (rule === 'replace' && existing && existing.kind !== 'file')) return { kind: 'asking', existing };
      if (rule === 'skip') return { kind: 'skipped' };
      const taken = new Set([...there.entries.keys(), ...transfer.taken]);
      if (rule === 'keep-both') transfer.name.set(freeName(transfer.name(), taken));
    }
    return this.send(transfer, there, rule === 'replace', signal);
  }

  private async send(
    transfer: Transfer,
    there: Destination,
    overwrite: boolean,
    signal: AbortSignal,
  ): Promise<TransferState> {
    const { instanceId, folder, file } = transfer;
    const name = transfer.name();
    try {
      const progress = (sent: number) => transfer.moved(sent, Date.now());
      const { size, modifiedAt } = await this.api.send(instanceId, join(folder, name), file, {
        overwrite,
        signal,
        progress,
      });
      there.entries.set(name, { name, kind: 'file', size, modifiedAt });
      if (there.freeBytes !== null) there.freeBytes = Math.max(0, there.freeBytes - size);
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof ApiError && error.code === 'FILE_EXISTS') {
        // It came there meanwhile, or lay beyond what a listing holds.
        transfer.taken.add(name);
        this.destinations.forget(instanceId, folder);
        return { kind: 'asking' };
      }
      if (error instanceof ApiError && error.code === 'NO_ROOM') this.destinations.forget(instanceId, folder);
      // To the browser a file that vanished looks as a broken line does.
      if (error instanceof ApiError && error.status === 0 && !(await readable(file)))
        throw new TransferRefused(UNREADABLE);
      throw error;
    }
  }

  private full({ instanceId, folder, file }: Transfer, free: number): TransferRefused {
    this.destinations.forget(instanceId, folder);
    return noRoom(file.size, free);
  }
}

/** One byte tells. */
async function readable(file: File): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}
