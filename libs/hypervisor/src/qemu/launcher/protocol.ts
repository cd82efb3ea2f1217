import { z } from 'zod';
import { HypervisorError, HypervisorErrorReason, MachineRefused } from '../../errors';
import { machineId, machineOrder, pciAddress, templateId, templateOrder } from '../machine-order';
import { templateRecord } from '../templates/template-record';

/** One request or answer is one line of JSON, at most this long. */
export const LONGEST_LINE = 262_144;

const process = z.strictObject({ pid: z.int().min(2), startTime: z.int().min(0) });

const files = templateRecord.shape.files.unwrap();

/** The whole vocabulary; whatever else is asked is refused. */
export const launcherRequest = z.discriminatedUnion('do', [
  z.strictObject({ n: z.int(), do: z.literal('figures') }),
  z.strictObject({ n: z.int(), do: z.literal('prepare'), id: machineId }),
  z.strictObject({ n: z.int(), do: z.literal('writeRecord'), id: machineId, text: z.string() }),
  z.strictObject({ n: z.int(), do: z.literal('spawn'), order: machineOrder, resume: z.boolean() }),
  z.strictObject({ n: z.int(), do: z.literal('locate'), id: machineId }),
  z.strictObject({ n: z.int(), do: z.literal('kill'), id: machineId, process }),
  z.strictObject({ n: z.int(), do: z.literal('servedTags'), id: machineId }),
  z.strictObject({ n: z.int(), do: z.literal('scratchUsage'), path: z.string().max(1024) }),
  z.strictObject({ n: z.int(), do: z.literal('remove'), id: machineId }),
  z.strictObject({ n: z.int(), do: z.literal('templateKey'), order: templateOrder }),
  z.strictObject({ n: z.int(), do: z.literal('writeTemplate'), id: templateId, text: z.string() }),
  z.strictObject({ n: z.int(), do: z.literal('spawnTemplate'), id: templateId, order: templateOrder }),
  z.strictObject({ n: z.int(), do: z.literal('receiveState'), id: templateId }),
  z.strictObject({ n: z.int(), do: z.literal('sealTemplate'), id: templateId }),
  z.strictObject({ n: z.int(), do: z.literal('checkTemplate'), id: templateId, known: files, thorough: z.boolean() }),
  z.strictObject({ n: z.int(), do: z.literal('removeTemplate'), id: templateId, keepRecord: z.boolean() }),
  z.strictObject({ n: z.int(), do: z.literal('gpus') }),
  z.strictObject({ n: z.int(), do: z.literal('gpuBind'), address: pciAddress }),
  z.strictObject({ n: z.int(), do: z.literal('gpuRelease'), address: pciAddress }),
]);
export type LauncherRequest = z.infer<typeof launcherRequest>;

export const launcherAnswer = z.object({
  n: z.int(),
  value: z.unknown().optional(),
  refused: z.object({ message: z.string(), reason: z.string(), detail: z.string() }).optional(),
  error: z.string().optional(),
});
export type LauncherAnswer = z.infer<typeof launcherAnswer>;

/** An error as it crosses: a refusal keeps its three voices, anything else is a sentence for the log. */
export function errorAnswer(n: number, error: unknown): LauncherAnswer {
  if (error instanceof HypervisorError) {
    const { message, reason, detail } = error;
    return { n, refused: { message, reason, detail } };
  }
  return { n, error: error instanceof Error ? error.message : String(error) };
}

export function answerError(answer: LauncherAnswer): Error | null {
  const { refused, error } = answer;
  if (refused) return new MachineRefused(refused.message, refused.reason as HypervisorErrorReason, refused.detail);
  return error === undefined ? null : new HypervisorError('The desktop could not be handled.', 'start-failed', error);
}
