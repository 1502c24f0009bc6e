import type { SchemaJson, TypeOfAttribute } from '@cedar-policy/cedar-wasm/nodejs';
import type { Catalog } from './catalog.ts';
import type { Attributes } from './typing.ts';

const STRING: TypeOfAttribute<string> = { type: 'String' };
const LONG: TypeOfAttribute<string> = { type: 'Long' };
const BOOLEAN: TypeOfAttribute<string> = { type: 'Boolean' };

/** What `cedarRequest` puts beside the arguments. */
const CONTEXT: Attributes = {
  effect: STRING,
  method: STRING,
  compensation: BOOLEAN,
  approved: BOOLEAN,
  actor: STRING,
  attempt: LONG,
  totals: {
    type: 'Record',
    attributes: {
      calls: LONG,
      denials: LONG,
      minutes: LONG,
      restarts: LONG,
      spent: LONG,
      reserved: LONG,
      free: { ...LONG, required: false },
    },
  },
  now: { type: 'Extension', name: 'datetime' },
  hour: LONG,
  weekday: STRING,
};

const OPTIONAL = { ...STRING, required: false } as const;

const AGENT = {
  shape: {
    type: 'Record' as const,
    attributes: { id: STRING, version: STRING, startedBy: OPTIONAL, person: OPTIONAL },
  },
  tags: { type: 'String' as const },
};

/**
 * The requests that calls become, as a schema of Cedar: one action for each tool and each method of each server.
 *
 * @param without ids of actions to which nothing applies: they are known, and no rule is checked against them
 */
export function schemaOf({ actions }: Catalog, without: ReadonlySet<string>): SchemaJson<string> {
  const typesOf = (id: string, type: string): string[] => (without.has(id) ? [] : [type]);
  const declared = [...actions].map(([id, { typed }]) => {
    const args: TypeOfAttribute<string> = { type: 'Record', attributes: { ...typed.attributes } };
    return [
      id,
      {
        appliesTo: {
          principalTypes: typesOf(id, 'Agent'),
          resourceTypes: typesOf(id, 'Server'),
          context: { type: 'Record' as const, attributes: { args, ...CONTEXT } },
        },
      },
    ] as const;
  });
  return { '': { entityTypes: { Agent: AGENT, Server: {} }, actions: Object.fromEntries(declared) } };
}
