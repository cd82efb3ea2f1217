import { PCI_ADDRESS } from '@beamdesk/hypervisor';
import { z } from 'zod';

/** Graphics cards of a host that desktops may have, each by the address of its first function; none unless it is named. */
export const hostGpus = z
  .strictObject({
    allow: z
      .array(z.string().regex(PCI_ADDRESS, 'must be a PCI address such as 0000:65:00.0'))
      .max(64)
      .refine((all) => new Set(all).size === all.length, 'names a card twice'),
  })
  .default({ allow: [] });
