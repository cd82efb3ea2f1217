import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../auth/entities/user-account.entity';

@Entity('favourite')
export class FavouriteEntity {
  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @PrimaryColumn({ type: 'text' })
  proposalKey: string;
}
