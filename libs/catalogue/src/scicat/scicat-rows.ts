import { z } from 'zod';

const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .nullish()
  .transform((value) => value ?? null);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
/** Lists of ids may be missing, and may hold null. */
const ids = z
  .array(z.string().nullable())
  .nullish()
  .transform((list) => (list ?? []).filter((id) => id !== null));
const amount = z
  .number()
  .nonnegative()
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : Math.round(value)));

export const proposalRow = z.object({
  proposalId: z.string(),
  title: z.string(),
  abstract: text,
  pi_firstname: text,
  pi_lastname: text,
  firstname: text,
  lastname: text,
  startTime: moment,
  endTime: moment,
  MeasurementPeriodList: z
    .array(z.object({ id: text, instrument: text, start: moment, end: moment }))
    .nullish()
    .transform((list) => list ?? []),
  instrumentIds: ids,
  ownerGroup: z.string(),
  accessGroups: ids,
});
export type ScicatProposal = z.infer<typeof proposalRow>;

export const datasetRow = z.object({
  pid: z.string(),
  datasetName: text,
  creationTime: moment,
  size: amount,
  numberOfFiles: amount,
  ownerGroup: z.string(),
  accessGroups: ids,
  /** Both are written, or only the one that was asked for. */
  proposalIds: ids,
  proposalId: text,
  sampleIds: ids,
  techniques: z
    .array(z.object({ name: text }))
    .nullish()
    .transform((list) => list ?? []),
  datasetlifecycle: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? {}),
});
export type ScicatDataset = z.infer<typeof datasetRow>;

/** What tells a proposal's techniques, and whether they are for whoever asks. */
export const techniquesRow = z.object({
  proposalIds: ids,
  ownerGroup: z.string(),
  accessGroups: ids,
  techniques: z
    .array(z.object({ name: text, pid: text }))
    .nullish()
    .transform((list) => (list ?? []).flatMap(({ name, pid }) => [name, pid].flatMap((term) => term?.trim() || []))),
});
export type ScicatTechniques = z.infer<typeof techniquesRow>;
export const TECHNIQUES_FIELDS = Object.keys(techniquesRow.shape);

/** What is asked for of a dataset: its metadata alone may have megabytes. */
export const DATASET_FIELDS = Object.keys(datasetRow.shape).filter((field) => field !== 'proposalId');

export const instrumentRow = z.object({ pid: z.string(), uniqueName: text, name: text });
export type ScicatInstrument = z.infer<typeof instrumentRow>;

const datasetList = z.array(z.object({ pid: z.string() }));
/** A job as v3 writes it, or as v4. */
export const jobRow = z
  .object({
    id: z.string(),
    jobStatusMessage: z.string().optional(),
    statusCode: z.string().optional(),
    datasetList: datasetList.optional(),
    jobParams: z.object({ datasetList: datasetList.optional() }).optional(),
  })
  .transform((job) => ({
    id: job.id,
    status: job.jobStatusMessage ?? job.statusCode ?? '',
    pids: (job.datasetList ?? job.jobParams?.datasetList ?? []).map(({ pid }) => pid),
  }));
export type ScicatJob = z.infer<typeof jobRow>;

/** As `users/schemas/user-identity.schema.ts` of scicat-backend-next 4.5 has it. */
export const identityRow = z.object({ profile: z.object({ username: z.string(), accessGroups: ids }) });
