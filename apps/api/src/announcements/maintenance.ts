import type { Role } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ApiError } from '../http/api-error';

/** Holds back launches while an announced maintenance lasts. What runs goes on, and so does everything else. */
@Injectable()
export class Maintenance {
  constructor(private readonly dataSource: DataSource) {}

  /** Administrators launch all the same: somebody has to see whether it works again. @throws ApiError 409 MAINTENANCE */
  async mayLaunch(roles: readonly Role[]): Promise<void> {
    if (roles.includes('ADMIN')) return;
    const [now]: { id: string; text: string; ends_at: Date | null }[] = await this.dataSource.query(
      `SELECT id, text, ends_at FROM announcement
       WHERE kind = 'maintenance' AND ended_at IS NULL AND starts_at <= now() AND (ends_at IS NULL OR ends_at > now())
       ORDER BY ends_at DESC NULLS FIRST LIMIT 1`,
    );
    if (!now) return;
    const message = `No desktops are started at the moment: ${now.text}`;
    throw new ApiError(409, 'MAINTENANCE', message, { announcement: now.id, until: now.ends_at?.toISOString() ?? null });
  }
}
