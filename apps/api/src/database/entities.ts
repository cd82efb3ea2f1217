import { AnnouncementEntity } from '../announcements/announcement.entity';
import { AuditEntryEntity } from '../audit/audit-entry.entity';
import { AuthorisationEntity } from '../auth/entities/authorisation.entity';
import { CatalogueAccountEntity } from '../auth/entities/catalogue-account.entity';
import { ConditionsAcceptanceEntity } from '../auth/entities/conditions-acceptance.entity';
import { IdentityEntity } from '../auth/entities/identity.entity';
import { UserAccountEntity } from '../auth/entities/user-account.entity';
import { LocalAccountEntity } from '../auth/local-accounts/local-account.entity';
import { PasswordAttemptsEntity } from '../auth/local-accounts/password-attempts.entity';
import { CatalogueSessionEntity } from '../catalogue-sessions/catalogue-session.entity';
import { CatalogueCopyEntity } from '../catalogue-copy/entities/catalogue-copy.entity';
import { CopiedMembershipEntity } from '../catalogue-copy/entities/copied-membership.entity';
import { CopiedProposalEntity } from '../catalogue-copy/entities/copied-proposal.entity';
import { GpuLeaseEntity } from '../gpus/gpu-lease.entity';
import { HostGpuEntity } from '../gpus/host-gpu.entity';
import { InstanceMoveEntity } from '../instances/entities/instance-move.entity';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { MemberEntity } from '../instances/entities/member.entity';
import { OrphanMachineEntity } from '../instances/entities/orphan-machine.entity';
import { PortReservationEntity } from '../instances/entities/port-reservation.entity';
import { LaunchTimeEntity } from '../launches/launch-time.entity';
import { FavouriteEntity } from '../proposals/favourite.entity';
import { FollowedRestoreEntity } from '../proposals/followed-restore.entity';
import { AllocationPeriodEntity } from '../instances/entities/allocation-period.entity';
import { MailRowEntity } from '../mail/mail-row.entity';
import { QuotaRequestEntity } from '../quota-requests/quota-request.entity';
import { QuotaLimitEntity } from '../quotas/quota-limit.entity';
import { QuotaOverrideEntity } from '../quotas/quota-override.entity';
import { HomeUseEntity } from '../homes/home-use.entity';
import { ImageVersionEventEntity } from '../images/entities/image-version-event.entity';
import { ImageVersionEntity } from '../images/entities/image-version.entity';
import { ImageEntity } from '../images/entities/image.entity';
import { FlavourEntity } from '../plans/entities/flavour.entity';
import { PlanBeamlineEntity } from '../plans/entities/plan-beamline.entity';
import { PlanTechniqueEntity } from '../plans/entities/plan-technique.entity';
import { PlanEntity } from '../plans/entities/plan.entity';
import { DesktopSessionEntity } from '../sessions/desktop-session.entity';
import { DesktopMessageEntity } from '../monitor/desktop-message.entity';
import { AuthorisationRequestEntity } from '../authorisation/authorisation-request.entity';
import { InvitationEntity } from '../authorisation/invitations/invitation.entity';
import { BeamlineEntity } from '../site/entities/beamline.entity';
import { HostEntity } from '../site/entities/host.entity';
import { ServiceEntity } from '../site/entities/service.entity';
import { TemplateEntity } from '../templates/template.entity';
import { TicketEntity } from '../tickets/ticket.entity';
import { InstallationEntity } from './installation.entity';

/** Every entity, listed by hand: globs do not survive bundling, and the drift check needs them all. Append only. */
export const ENTITIES = [
  InstallationEntity,
  UserAccountEntity,
  IdentityEntity,
  AuthorisationEntity,
  CatalogueAccountEntity,
  ConditionsAcceptanceEntity,
  InstanceEntity,
  InstanceMoveEntity,
  MemberEntity,
  PortReservationEntity,
  OrphanMachineEntity,
  QuotaLimitEntity,
  FavouriteEntity,
  BeamlineEntity,
  ServiceEntity,
  HostEntity,
  ImageEntity,
  FlavourEntity,
  PlanEntity,
  PlanBeamlineEntity,
  PlanTechniqueEntity,
  TicketEntity,
  DesktopSessionEntity,
  TemplateEntity,
  LaunchTimeEntity,
  AuditEntryEntity,
  AuthorisationRequestEntity,
  CatalogueCopyEntity,
  CopiedProposalEntity,
  CopiedMembershipEntity,
  LocalAccountEntity,
  PasswordAttemptsEntity,
  InvitationEntity,
  CatalogueSessionEntity,
  FollowedRestoreEntity,
  HomeUseEntity,
  ImageVersionEntity,
  ImageVersionEventEntity,
  AllocationPeriodEntity,
  AnnouncementEntity,
  QuotaOverrideEntity,
  DesktopMessageEntity,
  QuotaRequestEntity,
  MailRowEntity,
  HostGpuEntity,
  GpuLeaseEntity,
];
