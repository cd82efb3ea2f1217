import type { InstanceView, LaunchView, TemplateState } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type LaunchKind, LaunchTimes } from './launch-times';
import { newLaunch } from './launch-view';

interface StateRow {
  image_id: string;
  vcpus: number;
  memory_mib: number;
  disk_mib: number;
  state: TemplateState;
}

const STATES = `
  SELECT t.image_id, t.vcpus, t.memory_mib, t.disk_mib, t.state
  FROM template t JOIN host h ON h.id = t.host_id AND h.active WHERE t.wanted`;

/** What a click would do now. `desktop` is the one the click would act on, `plan` what it would start without one. */
export type Forecast = (desktop: InstanceView | null, plan: LaunchKind | null) => LaunchView | null;

/** Foretells launches from the templates of the hosts and from how long earlier launches took. */
@Injectable()
export class LaunchForecast {
  constructor(
    private readonly dataSource: DataSource,
    private readonly times: LaunchTimes,
  ) {}

  /** One query for a whole page. */
  async now(): Promise<Forecast> {
    const [rows, expected] = await Promise.all([this.dataSource.query<StateRow[]>(STATES), this.times.expected()]);
    return (desktop, plan) => {
      // The disk that is kept is what a click boots, whatever is on offer by now.
      if (desktop && desktop.allocation.machines === 0 && desktop.allocation.storageMib > 0) return desktop.launch;
      if (!plan) return null;
      const states = rows.filter((row) => isOf(row, plan)).map(({ state }) => state);
      return newLaunch(plan, states, expected);
    };
  }
}

function isOf(row: StateRow, { imageId, flavour }: LaunchKind): boolean {
  return (
    row.image_id === imageId &&
    row.vcpus === flavour.vcpus &&
    row.memory_mib === flavour.memoryMib &&
    row.disk_mib === flavour.diskMib
  );
}
