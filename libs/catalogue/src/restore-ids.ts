import { RESTORE_MAX } from './catalogue';
import { RestoreRefused } from './errors';

/** Each dataset once. @throws RestoreRefused wrong-number: none, or more than `RESTORE_MAX` */
export function restoreIds(datasetIds: readonly string[]): string[] {
  const ids = [...new Set(datasetIds)];
  if (ids.length === 0 || ids.length > RESTORE_MAX) throw new RestoreRefused('wrong-number', `${ids.length} datasets`);
  return ids;
}
