import type { Flavour, LaunchPath } from '@beamdesk/hypervisor';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Launches alike in this take about as long. */
export interface LaunchKind {
  imageId: string;
  flavour: Flavour;
}

/** Median of the last launches of a kind, seconds; null while there were none. */
export type ExpectedSeconds = (kind: LaunchKind, path: LaunchPath) => number | null;

/** How many of each kind count. */
const COUNTED = 20;
const FRESH_MS = 5_000;

const MEDIANS = `
  SELECT image_id, vcpus, memory_mib, disk_mib, path, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median
  FROM launch_time GROUP BY image_id, vcpus, memory_mib, disk_mib, path`;

const RECORD = `
  WITH done AS (
    SELECT plan_snapshot ->> 'imageId' AS image_id, (plan_snapshot #>> '{flavour,vcpus}')::int AS vcpus,
      (plan_snapshot #>> '{flavour,memoryMib}')::int AS memory_mib, (plan_snapshot #>> '{flavour,diskMib}')::int AS disk_mib,
      launch_path AS path, extract(epoch FROM ready_at - launched_at)::float8 AS seconds
    FROM instance WHERE id = $1 AND revision = $2 AND state = 'READY' AND launch_path IS NOT NULL AND ready_at > launched_at
  ), old AS (
    DELETE FROM launch_time WHERE id IN (
      SELECT id FROM launch_time JOIN done USING (image_id, vcpus, memory_mib, disk_mib, path)
      ORDER BY id DESC OFFSET ${COUNTED - 1})
  )
  INSERT INTO launch_time (image_id, vcpus, memory_mib, disk_mib, path, seconds) SELECT * FROM done`;

/** How long launches took from the click to a session on the screen, on the whole site. */
@Injectable()
export class LaunchTimes {
  private readonly log = new Logger('LaunchTimes');
  private medians: Map<string, number> | null = null;
  private readAt = 0;
  private reading: Promise<void> | null = null;

  constructor(private readonly dataSource: DataSource) {}

  /** Of an instance whose move to this revision was the READY of its launch. Never fails: it is only a figure. */
  async record(instanceId: string, revision: number): Promise<void> {
    try {
      await this.dataSource.query(RECORD, [instanceId, revision]);
      this.readAt = 0;
    } catch (error) {
      this.log.warn(`launch time of ${instanceId} not recorded: ${String(error)}`);
    }
  }

  /** At most some seconds old, so that pages and events need no query of their own. */
  async expected(): Promise<ExpectedSeconds> {
    if (!this.medians || Date.now() - this.readAt > FRESH_MS) this.reading ??= this.read();
    // Old figures do while new ones are read.
    if (!this.medians) await this.reading;
    const medians = this.medians;
    return (kind, path) => medians?.get(nameOf(kind, path)) ?? null;
  }

  private async read(): Promise<void> {
    try {
      const rows = await this.dataSource.query<MedianRow[]>(MEDIANS);
      this.medians = new Map(rows.map((row) => [nameOf(kindOf(row), row.path), Math.max(0.001, row.median)]));
      this.readAt = Date.now();
    } catch (error) {
      this.log.warn(`launch times not read: ${String(error)}`);
    } finally {
      this.reading = null;
    }
  }
}

interface MedianRow {
  image_id: string;
  vcpus: number;
  memory_mib: number;
  disk_mib: number;
  path: LaunchPath;
  median: number;
}

function kindOf(row: MedianRow): LaunchKind {
  return { imageId: row.image_id, flavour: { vcpus: row.vcpus, memoryMib: row.memory_mib, diskMib: row.disk_mib } };
}

function nameOf({ imageId, flavour }: LaunchKind, path: LaunchPath): string {
  return `${imageId} ${flavour.vcpus} ${flavour.memoryMib} ${flavour.diskMib} ${path}`;
}
