import { Identity1790000000001 } from './1-identity';
import { Desktops1790000000002 } from './2-desktops';
import { Site1790000000003 } from './3-site';
import { Templates1790000000004 } from './4-templates';
import { KeptDisks1790000000005 } from './5-kept-disks';
import { Authorisation1790000000006 } from './6-authorisation';
import { CatalogueCopy1790000000007 } from './7-catalogue-copy';
import { LocalAccounts1790000000008 } from './8-local-accounts';
import { LinkedIdentities1790000000009 } from './9-linked-identities';
import { Invitations1790000000010 } from './10-invitations';
import { CatalogueSessions1790000000011 } from './11-catalogue-sessions';
import { HomeUse1790000000012 } from './12-home-use';
import { Techniques1790000000014 } from './14-techniques';
import { Quotas1790000000015 } from './15-quotas';
import { Requests1790000000016 } from './16-requests';
import { Images1790000000017 } from './17-images';
import { Gpus1790000000018 } from './18-gpus';
import { Monitor1790000000019 } from './19-monitor';
import { Operations1790000000020 } from './20-operations';
import { FirstAdmin1790000000021 } from './21-first-admin';
import { Announcements1790000000022 } from './22-announcements';

/** Every migration in the order of its number; append only, never edit one that was released. */
export const MIGRATIONS = [
  Identity1790000000001,
  Desktops1790000000002,
  Site1790000000003,
  Templates1790000000004,
  KeptDisks1790000000005,
  Authorisation1790000000006,
  CatalogueCopy1790000000007,
  LocalAccounts1790000000008,
  LinkedIdentities1790000000009,
  Invitations1790000000010,
  CatalogueSessions1790000000011,
  HomeUse1790000000012,
  Techniques1790000000014,
  Quotas1790000000015,
  Requests1790000000016,
  Images1790000000017,
  Gpus1790000000018,
  Monitor1790000000019,
  Operations1790000000020,
  FirstAdmin1790000000021,
  Announcements1790000000022,
];
