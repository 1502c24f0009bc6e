import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { objectSpecSchema } from '../config/schema/spec.ts';
import { ROUTES } from '../gateway/api/table.ts';
import type { Route } from '../gateway/api/route.ts';
import { ACTS } from '../protocol/identity/roles.ts';
import type { Schema as Checks } from '../protocol/values/check.ts';
import { version } from '../cli/package.ts';
import { schemasOf } from './answerTypes.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The root of the sources, from `scripts/` and from `dist/scripts/`. */
const root = fileURLToPath(new URL(import.meta.url.includes('/dist/scripts/') ? '../../' : '../', import.meta.url));
const SCHEMAS = '#/components/schemas/';

/** The OpenAPI document (3.1) of the API, from its table of routes, their schemas and the types of their answers. */
export function openApi(): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const row of ROUTES) (paths[row.path] ??= {})[row.method.toLowerCase()] = operationOf(row);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Custody',
      version: version(),
      description: 'Governed sessions over HTTP; see docs/api.md. Answers may get further members within v1.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An API key, or a JWT.' } },
      schemas: { ...answers(), Spec: { anyOf: [schemaOf(objectSpecSchema), { type: 'null' }] } },
    },
  };
}

function operationOf({ method, path, who, summary, query, body, shown, answer, status = 200, also }: Route): Schema {
  const roles: readonly string[] = typeof who === 'string' ? ACTS[who].roles : who;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const inPath = names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string', minLength: 1 } }));
  const types = also?.types ?? [];
  const json = types.includes('text/event-stream') ? {} : { 'application/json': { schema: refTo(answer) } };
  const text = Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]));
  return {
    operationId: operationId(method, path),
    summary,
    ...(roles.length === 0 ? {} : { description: `Roles: ${roles.join(', ')}.`, 'x-roles': roles }),
    parameters: [
      ...inPath,
      ...inQuery(query),
      ...(method === 'POST' ? [KEY] : types.length > 0 && !json['application/json'] ? [LAST] : []),
    ],
    ...(body
      ? {
          requestBody: { required: isNeeded(body), content: { 'application/json': { schema: schemaOf(body, shown) } } },
        }
      : {}),
    responses: {
      [status]: { description: summary, content: { ...json, ...text } },
      ...(also?.accepted
        ? {
            202: {
              description: 'It is not there yet.',
              content: { 'application/json': { schema: refTo(also.accepted) } },
            },
          }
        : {}),
      default: {
        description: 'What was refused, and why.',
        content: { 'application/json': { schema: refTo('ApiError') } },
      },
    },
  };
}

const refTo = (name: string): Schema => ({ $ref: `${SCHEMAS}${name}` });
const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
  description: 'Repeats under one key are one command.',
};
const LAST = {
  name: 'Last-Event-ID',
  in: 'header',
  schema: { type: 'integer', minimum: 0 },
  description: 'The position after which it goes on.',
};

const operationId = (method: string, path: string): string =>
  [method.toLowerCase(), ...path.split('/').map((part) => part.replace(/[{}]/g, ''))]
    .filter(Boolean)
    .map((part, at) => (at === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('');

function schemaOf(checks: Checks<unknown>, shown: Route['shown'] = {}): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(checks, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'custom') jsonSchema.type = 'object';
      // JSON Schema has no flags.
      if (
        [...((zodSchema._zod.bag as { patterns?: ReadonlySet<RegExp> }).patterns ?? [])].some(
          ({ ignoreCase }) => ignoreCase,
        )
      )
        delete jsonSchema.pattern;
    },
  }) as Record<string, unknown>;
  const more = Object.fromEntries(Object.entries(shown).map(([field, own]) => [field, schemaOf(own)]));
  return Object.keys(more).length === 0
    ? schema
    : { ...schema, properties: { ...(schema.properties as Schema), ...more } };
}

const isNeeded = (body: Checks<unknown>): boolean =>
  ((schemaOf(body).required as readonly string[] | undefined) ?? []).length > 0;

function inQuery(query: Route['query']): readonly Schema[] {
  if (!query) return [];
  const { properties = {} } = schemaOf(query) as { properties?: Record<string, Schema> };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

/** Codes of errors are a list that grows. */
const ERROR_CODE: Schema = { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', description: 'A code of docs/errors.md.' };

/** The types of answers, as JSON Schema of the dialect of OpenAPI 3.1. */
function answers(): Schema {
  const wanted = new Set(ROUTES.flatMap(({ answer, also }) => [answer, also?.accepted ?? answer]));
  const typed = ['ApiError', ...wanted].filter((name) => name !== 'Spec');
  const all = new Map<string, unknown>();
  for (const [type, definitions] of schemasOf(root, 'gateway/api/answers.ts', typed)) {
    // Two types of one name, in two files: the second is told by whose part it is.
    const isOther = (name: string): boolean =>
      all.has(nameOf(name)) && JSON.stringify(all.get(nameOf(name))) !== JSON.stringify(modern(definitions[name]));
    const others = new Set(Object.keys(definitions).filter(isOther));
    const named = (name: string): string => nameOf(others.has(name) ? `${type}.${name}` : name);
    for (const [name, schema] of Object.entries(definitions)) all.set(named(name), modern(schema, named));
  }
  all.set('ErrorCode', ERROR_CODE);
  return Object.fromEntries([...all].sort(([a], [b]) => a.localeCompare(b)));
}

/** Names of components have letters, digits, dots, dashes and underscores. */
const nameOf = (type: string): string =>
  decodeURIComponent(type)
    .replace(/[^\w.-]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** Of draft-07. */
function modern(schema: unknown, named = nameOf): unknown {
  if (Array.isArray(schema)) return schema.map((each) => modern(each, named));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, items, additionalItems, ...rest } = schema as Record<string, unknown>;
  const others = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, modern(value, named)]));
  return {
    ...others,
    ...(typeof $ref === 'string' ? refTo(named($ref.replace('#/definitions/', ''))) : {}),
    ...(Array.isArray(items)
      ? { prefixItems: items.map((each) => modern(each, named)) }
      : items === undefined
        ? {}
        : { items: modern(items, named) }),
    ...(additionalItems === undefined ? {} : { items: modern(additionalItems, named) }),
  };
}
