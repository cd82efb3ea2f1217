import type { MemberRole } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ApiError, notFound } from '../http/api-error';
import { InstanceEntity } from './entities/instance.entity';
import { MemberEntity } from './entities/member.entity';

export type InstanceAction = 'see' | 'connect' | 'control' | 'stop' | 'extend' | 'delete';

/**
 * What each role may do. `control` is acting on the guest itself: keys, the size of its screen, files. GUEST and SUPPORT look on: who
 * helps is shown a desktop, and neither its data nor its owner's work passes through their hands.
 */
const MAY: Record<MemberRole, readonly InstanceAction[]> = {
  OWNER: ['see', 'connect', 'control', 'stop', 'extend', 'delete'],
  USER: ['see', 'connect', 'control', 'stop'],
  GUEST: ['see', 'connect'],
  SUPPORT: ['see', 'connect'],
};

export interface GrantedAccess {
  instance: InstanceEntity;
  role: MemberRole;
}

/** Whether members with this role may do that. */
export const roleMay = (role: MemberRole, action: InstanceAction): boolean => MAY[role].includes(action);

/** The one place that decides who may do what with an instance, by the `member` table alone, before anything happens. */
@Injectable()
export class InstanceAccess {
  constructor(private readonly dataSource: DataSource) {}

  /** Null: unknown or not a member, never told apart; or a member without this right. */
  async find(userId: string, instanceId: string, action: InstanceAction): Promise<GrantedAccess | null> {
    const access = await this.membership(userId, instanceId);
    return access && roleMay(access.role, action) ? access : null;
  }

  /** @throws ApiError 404 for anybody who may not even see it, 403 for a member without this right */
  async require(userId: string, instanceId: string, action: InstanceAction): Promise<GrantedAccess> {
    const access = await this.membership(userId, instanceId);
    if (!access) throw notFound();
    if (roleMay(access.role, action)) return access;
    throw new ApiError(403, 'NOT_ALLOWED', 'You may look at this desktop, but only its owner can do that.');
  }

  private async membership(userId: string, instanceId: string): Promise<GrantedAccess | null> {
    const member = await this.dataSource.manager.findOneBy(MemberEntity, { userId, instanceId });
    const instance = member && (await this.dataSource.manager.findOneBy(InstanceEntity, { id: instanceId }));
    return member && instance ? { instance, role: member.role } : null;
  }
}
