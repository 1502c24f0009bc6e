import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { RECORD_VERSION } from '../audit/read/record.ts';

interface Schema {
  readonly [name: string]: unknown;
}
type Properties = Readonly<Record<string, Schema>>;

/** The root of the sources, from `scripts/` and from `dist/scripts/`. */
const root = fileURLToPath(new URL(import.meta.url.includes('/dist/scripts/') ? '../../' : '../', import.meta.url));

/** What numbers and texts are of which TypeScript says no more than that. */
const CLOSER: Properties = {
  v: { const: RECORD_VERSION },
  session: { minLength: 1 },
  run: { minLength: 1 },
  events: { items: { type: 'integer', minimum: 1 }, minItems: 1 },
  at: { pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' },
  n: { type: ['integer', 'null'], minimum: 1 },
};

/** Codes of errors are a list that grows without changing what a record is. */
const ERROR_CODE: Schema = {
  type: 'string',
  pattern: '^[A-Z][A-Z0-9_]*$',
  description: 'A code of docs/errors.md.',
};

const SHA256: Schema = { pattern: '^[0-9a-f]{64}$' };

/** The JSON Schema (draft-07) of a record, from the types that it has here: kind by kind. */
export function recordSchema(): Schema {
  const generator = createGenerator({
    path: `${root}audit/read/record.ts`,
    tsconfig: `${root}tsconfig.json`,
    skipTypeCheck: true,
    topRef: true,
  });
  const definitions: Record<string, Schema> = {};
  const typed = (name: string): Properties => {
    const { [name]: type, ...others } = generator.createSchema(name).definitions as Record<string, Schema>;
    Object.assign(definitions, others);
    return type?.properties as Properties;
  };
  const { kinds, place, context } = {
    kinds: typed('AuditKinds'),
    place: typed('RecordPlace'),
    context: typed('RecordContext'),
  };
  const { RecordValues: values, ...others } = generator.createSchema('RecordValues').definitions as Properties;
  Object.assign(definitions, others);
  const names = Object.keys(kinds).sort();
  const properties: Properties = {
    ...place,
    ...context,
    kind: { description: 'What happened.', enum: names },
    data: { description: 'What is said of it, by its kind.', type: 'object' },
  };
  const closer = Object.entries(properties).map(([name, is]) => [name, { ...is, ...CLOSER[name] }] as const);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:custody:record:v${RECORD_VERSION}`,
    title: `A record of Custody, version ${RECORD_VERSION}`,
    description: 'One thing that happened to a session, as its workflow history says. See docs/audit.md.',
    type: 'object',
    properties: { ...Object.fromEntries(closer), values: { ...values, propertyNames: SHA256 } },
    required: Object.keys(properties),
    additionalProperties: false,
    allOf: names.map((kind) => ({
      if: { properties: { kind: { const: kind } } },
      then: { properties: { data: kinds[kind] } },
    })),
    definitions: { ...definitions, ErrorCode: ERROR_CODE },
  };
}
