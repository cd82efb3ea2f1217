import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { FavouriteEntity } from './favourite.entity';

/** The proposals a person marked. Only keys: what they show comes from the catalogue, which may refuse them by now. */
@Injectable()
export class Favourites {
  constructor(private readonly dataSource: DataSource) {}

  async of(userId: string): Promise<string[]> {
    const rows = await this.dataSource.manager.find(FavouriteEntity, {
      where: { userId },
      order: { proposalKey: 'ASC' },
    });
    return rows.map(({ proposalKey }) => proposalKey);
  }

  async add(userId: string, proposalKey: string): Promise<void> {
    await this.dataSource
      .createQueryBuilder()
      .insert()
      .into(FavouriteEntity)
      .values({ userId, proposalKey })
      .orIgnore()
      .execute();
  }

  async remove(userId: string, proposalKey: string): Promise<void> {
    await this.dataSource.manager.delete(FavouriteEntity, { userId, proposalKey });
  }
}
