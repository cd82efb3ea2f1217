import { VALID } from '../authorisations';

/**
 * SQL: how the invitation `i` stands. It counts only while whoever made it could make it anew: what staff offered goes with
 * their role, and what the portal offers the first administrator goes as soon as there is one.
 */
export const STATE = `CASE WHEN i.used_at IS NOT NULL THEN 'used' WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn'
  WHEN i.redeem_by <= now() THEN 'expired'
  WHEN i.by_portal THEN CASE WHEN EXISTS (SELECT FROM authorisation a WHERE a.role = 'ADMIN' AND ${VALID}) THEN 'lapsed' ELSE 'open' END
  WHEN NOT EXISTS (SELECT FROM authorisation a WHERE a.user_id = i.made_by AND ${VALID}
    AND (a.role = 'ADMIN' OR (a.role = 'STAFF' AND i.role = 'USER'))) THEN 'lapsed'
  ELSE 'open' END`;
