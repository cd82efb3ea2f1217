/** Types a type leads to, by the name of the relation. */
export interface Relations {
  one: Record<string, string>;
  many: Record<string, string>;
}

/** The entities of ICAT's schema that are needed here. */
export const SCHEMA: Record<string, Relations> = {
  Facility: { one: {}, many: {} },
  User: { one: {}, many: {} },
  Instrument: { one: {}, many: { instrumentScientists: 'InstrumentScientist' } },
  InstrumentScientist: { one: { user: 'User' }, many: {} },
  Investigation: {
    one: { facility: 'Facility' },
    many: {
      investigationUsers: 'InvestigationUser',
      investigationGroups: 'InvestigationGroup',
      investigationInstruments: 'InvestigationInstrument',
      datasets: 'Dataset',
    },
  },
  InvestigationUser: { one: { user: 'User' }, many: {} },
  InvestigationGroup: { one: { grouping: 'Grouping' }, many: {} },
  InvestigationInstrument: { one: { instrument: 'Instrument' }, many: {} },
  Grouping: { one: {}, many: { userGroups: 'UserGroup' } },
  UserGroup: { one: { user: 'User' }, many: {} },
  Dataset: {
    one: { investigation: 'Investigation', sample: 'Sample' },
    many: { datasetTechniques: 'DatasetTechnique' },
  },
  Sample: { one: {}, many: {} },
  DatasetTechnique: { one: { technique: 'Technique' }, many: {} },
  Technique: { one: {}, many: {} },
};

export interface EntityNode {
  type: string;
  id: number;
  /** Null ones are left out of answers. */
  fields: Record<string, string | number | boolean | Date | null>;
  one: Record<string, EntityNode | null>;
  many: Record<string, EntityNode[]>;
}

/** What an ICAT database holds. */
export class EntityStore {
  readonly nodes: EntityNode[] = [];

  add(type: string, fields: EntityNode['fields'], one: EntityNode['one'] = {}): EntityNode {
    const many = Object.fromEntries(Object.keys(SCHEMA[type]?.many ?? {}).map((name) => [name, []]));
    const node: EntityNode = { type, id: this.nodes.length + 1, fields, one, many };
    this.nodes.push(node);
    return node;
  }

  /** Adds an entity below another, in its list of that name. */
  below(parent: EntityNode, list: string, fields: EntityNode['fields'], one: EntityNode['one'] = {}): EntityNode {
    const type = SCHEMA[parent.type]?.many[list] ?? '';
    const node = this.add(type, fields, one);
    (parent.many[list] ??= []).push(node);
    return node;
  }

  of(type: string): EntityNode[] {
    return this.nodes.filter((node) => node.type === type);
  }

  /** The one of a type with this name, made where there is none yet. */
  named(type: string, name: string, fields: EntityNode['fields'] = {}): EntityNode {
    return this.of(type).find((node) => node.fields['name'] === name) ?? this.add(type, { name, ...fields });
  }
}
