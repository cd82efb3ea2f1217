import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Several identities of one person: what each said last, since when it is theirs and by whom; and on which of them a catalogue
 * account rests.
 */
export class LinkedIdentities1790000000009 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE identity
        ADD provider text,
        ADD name text,
        ADD groups text[] NOT NULL DEFAULT '{}',
        ADD linked_by text NOT NULL DEFAULT 'sign-in',
        ADD linked_at timestamptz NOT NULL DEFAULT now(),
        ADD last_used_at timestamptz,
        ADD CONSTRAINT identity_linked_by CHECK ("linked_by" IN ('sign-in','person','administrator'));
      -- Until now a person had one identity.
      UPDATE identity i SET linked_at = u.created_at, last_used_at = u.last_sign_in_at, name = u.name
        FROM user_account u WHERE u.id = i.user_id;

      ALTER TABLE catalogue_account ADD identity_id uuid REFERENCES identity ON DELETE CASCADE;
      CREATE INDEX catalogue_account_identity_id_idx ON catalogue_account (identity_id);
      UPDATE catalogue_account c SET identity_id = i.id FROM identity i WHERE i.user_id = c.user_id AND c.linked_by = 'rule';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE catalogue_account DROP identity_id;
      ALTER TABLE identity DROP provider, DROP name, DROP groups, DROP linked_by, DROP linked_at, DROP last_used_at;
    `);
  }
}
