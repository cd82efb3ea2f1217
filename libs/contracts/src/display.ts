import { z } from 'zod';

/** What a page asks for: `PUT /api/instances/:id/display`, whole pixels. The guest may round the width down to a multiple of 8. */
export const displayRequest = z
  .strictObject({ width: z.int().min(640).max(3840), height: z.int().min(480).max(2160) })
  .meta({ id: 'DisplayRequest' });
export type DisplayRequest = z.infer<typeof displayRequest>;

/** How a desktop's picture travels; over `rdp` the session itself carries the size that is asked for. */
export const consoleProtocol = z.enum(['vnc', 'rdp']).meta({ id: 'ConsoleProtocol' });
export type ConsoleProtocol = z.infer<typeof consoleProtocol>;
