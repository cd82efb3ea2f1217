import { z } from 'zod';
import { scriptFile } from './boot-scripts';
import { dataRule } from './data-schema';
import { beamline, flavour, image, plan, technique } from './site-schema';

/** The whole of a community's `community.yaml`: what it adds to the site file. */
export const communityFile = z.strictObject({
  /** For the log and for who reads the file. */
  name: z.string().trim().min(1).max(300),
  techniques: z.array(technique).default([]),
  beamlines: z.array(beamline).default([]),
  images: z.array(image).default([]),
  flavours: z.array(flavour).default([]),
  plans: z.array(plan).default([]),
  /** Where the data of its own beamlines are; these rules come before the site's. */
  data: z.strictObject({ rules: z.array(dataRule).min(1).max(1000) }).optional(),
  /** Beside it, in the form of CATALOGUES_FILE: catalogues of its own, and who has which account there. */
  catalogues: scriptFile.optional(),
});
export type CommunityFile = z.infer<typeof communityFile>;
