import { LocalAccounts } from '../../src/auth/local-accounts/local-accounts';
import { AuthorisationRequestEntity } from '../../src/authorisation/authorisation-request.entity';
import { AnnouncementEntity } from '../../src/announcements/announcement.entity';
import { hashOfCode } from '../../src/authorisation/invitations/invitation-code';
import { InvitationEntity } from '../../src/authorisation/invitations/invitation.entity';
import type { DesktopApp } from '../../src/desktops/testing/desktop-app';
import { MemberEntity } from '../../src/instances/entities/member.entity';
import { DesktopMessageEntity } from '../../src/monitor/desktop-message.entity';
import { QuotaRequestEntity } from '../../src/quota-requests/quota-request.entity';
import { FavouriteEntity } from '../../src/proposals/favourite.entity';
import { QuotaOverrideEntity } from '../../src/quotas/quota-override.entity';
import { seedInstance } from '../../src/sessions/testing/seed-instance';
import { TemplateEntity } from '../../src/templates/template.entity';
import { type Caller, CALLERS, type PerCaller } from './callers';
import { MEMBERS, type Person, TEAM } from './people';

export const PASSWORD = 'correct horse battery';
export const CODE = 'a-code-of-32-characters-a-code-o';

/** What the routes are about, by the ids that paths name. */
export interface Things {
  /** Key of the proposal of the team, with the owner's desktop; of beamline id11-diff. */
  proposal: string;
  /** Of the same team; nobody has a desktop of it. */
  unopened: string;
  /** The owner's, READY. */
  desktop: string;
  /** Asked for by the owner. */
  restore: string;
  /** Somebody asks to be let in, for beamline id11-diff. */
  request: string;
  /** Who asks. */
  newcomer: string;
  /** Somebody else with the role USER, who asked for it for beamline id11-diff. */
  colleague: string;
  /** That role. */
  authorisation: string;
  /** Other limits of the same person, in force. */
  override: string;
  /** To the role USER, made by `staff`; its link has `CODE`. */
  invitation: string;
  /** Shown from an hour ahead. */
  announcement: string;
  /** To the owner, about the desktop. */
  message: string;
  /** For more quota, by the colleague. */
  quotaRequest: string;
  /** For a longer life of the desktop, by its owner. */
  lifeRequest: string;
  /** Key of a template on host `local`. */
  template: string;
  /** A local account whose password is `PASSWORD`. */
  account: string;
}

export type Proposals = Pick<Things, 'proposal' | 'unopened'>;

/** Before the people: their sign-in asks the catalogue for them. */
export function makeProposals(house: DesktopApp): Proposals {
  house.proposal('P-other', ['stranger'], { beamline: 'bm18-tomo' });
  return { proposal: house.proposal('P-team', [...TEAM]), unopened: house.proposal('P-unopened', [...TEAM]) };
}

export async function furnish(house: DesktopApp, people: PerCaller<Person>, proposals: Proposals): Promise<Things> {
  const { api, catalogue } = house;
  const { manager } = api.dataSource;
  const { app } = api;
  const { proposal } = proposals;
  for (const { userId } of TEAM.map((caller) => people[caller])) {
    await manager.insert(FavouriteEntity, { userId, proposalKey: proposal });
  }

  const desktop = await seedInstance(app, people.owner.userId, {
    ...{ proposalKey: proposal, proposalName: 'P-team', beamlineId: 'id11-diff' },
  });
  const { id: message } = await manager.save(
    manager.create(DesktopMessageEntity, {
      ...{ instanceId: desktop, senderId: people.admin.userId, senderRole: 'ADMIN', text: 'The host goes down at noon.' },
    }),
  );
  for (const { caller, role } of MEMBERS) {
    await manager.insert(MemberEntity, { instanceId: desktop, userId: people[caller].userId, role });
  }

  await manager.query(
    `UPDATE instance SET expires_at = now() + interval '1 hour',
       plan_snapshot = plan_snapshot || '{"extension": {"minutes": 60, "times": 1}}' WHERE id = $1`,
    [desktop],
  );

  const account = { catalogue: 'demo', name: 'owner', groups: [] };
  const restore = await catalogue.restore(account, proposal, ['plate']);

  const newcomer = await api.person('newcomer', []);
  const wish = { affiliation: 'Lund', reason: 'I am to measure in March.', proposal: null, beamline: 'id11-diff' };
  const asked = async (userId: string, state: 'open' | 'granted' = 'open') => {
    const row = await manager.save(manager.create(AuthorisationRequestEntity, { userId, state, ...wish }));
    return row.id;
  };
  const request = await asked(newcomer.userId);
  for (const caller of CALLERS.filter((one: Caller) => one !== 'nobody')) await asked(people[caller].userId);

  const colleague = await api.person('colleague', ['USER']);
  await asked(colleague.userId, 'granted');
  const [held] = await manager.query<{ id: string }[]>('SELECT id FROM authorisation WHERE user_id = $1', [
    colleague.userId,
  ]);

  const tomorrow = { wantedUntil: new Date(Date.now() + 86_400_000), reason: 'A large sample.' };
  const wishOf = async (wish: Partial<QuotaRequestEntity>) =>
    (await manager.save(manager.create(QuotaRequestEntity, { ...tomorrow, ...wish }))).id;
  const quotaRequest = await wishOf({
    ...{ kind: 'QUOTA', userId: colleague.userId, subject: '', beamlines: [], wanted: { vcpus: 8 } },
  });
  const lifeRequest = await wishOf({
    ...{ kind: 'LIFE', userId: people.owner.userId, subject: desktop, instanceId: desktop, beamlines: ['id11-diff'] },
    ...{ proposalKey: proposal, proposalName: 'P-team' },
  });

  const other = { subjectKind: 'user', subjectId: colleague.userId, machines: 4, reason: 'A campaign.' } as const;
  const override = (await manager.save(manager.create(QuotaOverrideEntity, { ...other, startsAt: new Date() }))).id;

  const offered = manager.create(InvitationEntity, {
    ...{ codeHash: hashOfCode(CODE), name: 'Grace', role: 'USER', reason: 'Measures in March.' },
    ...{ redeemBy: new Date(Date.now() + 86_400_000), madeBy: people.staff.userId },
  });
  const invitation = (await manager.save(offered)).id;

  const soon = new Date(Date.now() + 3_600_000);
  const told = manager.create(AnnouncementEntity, { kind: 'info', text: 'The moon is full.', shownFrom: soon, startsAt: soon });
  const announcement = (await manager.save(told)).id;

  const template = manager.create(TemplateEntity, { ...TEMPLATE, stateSince: new Date() });
  await manager.insert(TemplateEntity, template);

  const local = app.get(LocalAccounts);
  await local.create({ name: 'grace', displayName: 'Grace', email: null, oneTimePassword: 'one time for Grace' });
  const made = await local.find('grace');
  await local.setPassword('grace', made?.passwordHash ?? '', PASSWORD);

  return {
    message,
    ...proposals,
    override,
    ...{ quotaRequest, lifeRequest },
    ...{ announcement, invitation, newcomer: newcomer.userId, colleague: colleague.userId },
    ...{ desktop, request, restore: restore.id, authorisation: held.id, template: TEMPLATE.key, account: 'grace' },
  };
}

const TEMPLATE = {
  hostId: 'local',
  key: 'tiny-1-512',
  imageId: 'tiny',
  vcpus: 1,
  memoryMib: 512,
  diskMib: 1024,
  protocol: 'vnc',
  position: 0,
  state: 'ready',
  wanted: true,
  failures: 0,
  machines: 0,
} as const;
