import type { HomeView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Site } from '../site/site';
import { HomeUseEntity } from './home-use.entity';

const MIB = 1024 * 1024;

/** What people are told of their home folders. */
@Injectable()
export class HomesService {
  constructor(
    private readonly site: Site,
    private readonly dataSource: DataSource,
  ) {}

  async viewFor(userId: string): Promise<HomeView> {
    const { home } = this.site.data;
    if (!home) return { home: null };
    const use = await this.dataSource.manager.findOneBy(HomeUseEntity, { userId });
    const usedBytes = use ? Number(use.usedBytes) : null;
    return {
      home: {
        limitMib: home.limitMib,
        usedMib: usedBytes === null ? null : Math.ceil(usedBytes / MIB),
        measuredAt: use?.measuredAt.toISOString() ?? null,
        full: usedBytes !== null && usedBytes >= home.limitMib * MIB,
      },
    };
  }
}
