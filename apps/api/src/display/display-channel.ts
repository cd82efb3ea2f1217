import { displayRequest } from '@beamdesk/contracts';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

/** `NOTIFY` channel of wishes for a size of a guest's screen; the worker of the instance's host carries them out. */
export const DISPLAY_CHANNEL = 'beamdesk_display';
/** `NOTIFY` channel of what came of them. */
export const DISPLAY_ANSWER_CHANNEL = 'beamdesk_display_answer';

const wish = z.object({
  /** Ties the answer to the wish. */
  request: z.uuid(),
  hostId: z.string(),
  instanceId: z.uuid(),
  size: displayRequest,
});
export type DisplayWish = z.infer<typeof wish>;

const answer = z.object({
  request: z.uuid(),
  /** `fixed`: the guest cannot, for good. `failed`: it did not answer, or is off. */
  outcome: z.enum(['done', 'fixed', 'failed']),
});
export type DisplayAnswer = z.infer<typeof answer>;

type Sender = Pick<DataSource, 'query'>;

export const sendWish = (database: Sender, said: DisplayWish) => send(database, DISPLAY_CHANNEL, said);
export const sendAnswer = (database: Sender, said: DisplayAnswer) => send(database, DISPLAY_ANSWER_CHANNEL, said);

/** Null: not what is said on this channel, e.g. by another version of ours. */
export const readWish = (payload: string): DisplayWish | null => read(wish, payload);
export const readAnswer = (payload: string): DisplayAnswer | null => read(answer, payload);

async function send(database: Sender, channel: string, said: object): Promise<void> {
  await database.query('SELECT pg_notify($1, $2)', [channel, JSON.stringify(said)]);
}

function read<T>(schema: z.ZodType<T>, payload: string): T | null {
  try {
    return schema.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}
