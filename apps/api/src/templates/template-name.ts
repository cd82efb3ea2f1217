import { z } from 'zod';

/** Half of what names a template in a path: a host, or the hypervisor's key. */
export const templateName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/);
