import { readRow } from '../row';
import { ACCOUNT } from './account';
import { ANNOUNCEMENTS } from './announcements';
import { AUTHORISATION } from './authorisation';
import { DESKTOPS } from './desktops';
import { FILES } from './files';
import { GPUS } from './gpus';
import { IMAGES } from './images';
import { INVITATIONS } from './invitations';
import { OPERATIONS } from './operations';
import { MONITOR } from './monitor';
import { PEOPLE } from './people';
import { PROPOSALS } from './proposals';
import { QUOTA_REQUESTS } from './quota-requests';
import { QUOTAS } from './quotas';
import { SIGN_IN } from './sign-in';
import { STAFF } from './staff';

/** The whole table: one row for each route of openapi.json, no more and no fewer. */
export const ROWS = [
  ...[...SIGN_IN, ...ACCOUNT, ...AUTHORISATION, ...INVITATIONS],
  ...[...PROPOSALS, ...DESKTOPS, ...FILES, ...OPERATIONS],
  ...[...ANNOUNCEMENTS],
  ...[...MONITOR, ...GPUS, ...IMAGES],
  ...[...QUOTAS, ...QUOTA_REQUESTS, ...STAFF, ...PEOPLE],
].map(readRow);
