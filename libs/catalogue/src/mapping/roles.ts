/** What a role of the catalogue is called here; null: holding it makes nobody a member. */
export type RoleTable = Record<string, string | null>;

/**
 * Roles in catalogues are free text: "PI", "Principal investigator", "principal_investigator". The table is a site's; it is
 * looked up without case and outer white space. A role it does not name is shown as it is.
 */
export class Roles {
  private readonly labels: Map<string, string | null>;

  constructor(table: RoleTable) {
    this.labels = new Map(Object.entries(table).map(([role, label]) => [fold(role), label]));
  }

  label(role: string | null | undefined): string | null {
    const known = this.labels.get(fold(role ?? ''));
    return known === undefined ? role?.trim() || 'Member' : known;
  }
}

function fold(role: string): string {
  return role.trim().toLowerCase();
}
