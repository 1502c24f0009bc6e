import { validate } from '@cfworker/json-schema';
import { isObject, type Json, type JsonObject } from '../values/json.ts';

/** Content that a person gave, against the form of a server. The form is as hostile as its server. */

/** Choices that a sentence names. */
const NAMED = 50;

/** What a field of a form may ask for (MCP's elicitation: a flat object of texts, numbers, booleans and choices). */
interface Field {
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'array' | ['string', 'number', 'boolean'];
  readonly enum?: Json[];
  readonly items?: { readonly type: 'string'; readonly enum?: Json[] };
  readonly [bound: string]: unknown;
}

/** What of a form's content does not fit its schema; undefined where it fits. */
export function problemOfContent(schema: JsonObject, content: JsonObject): string | undefined {
  const properties = isObject(schema.properties) ? (schema.properties as JsonObject) : {};
  const required = Array.isArray(schema.required) ? (schema.required as readonly Json[]) : [];
  const missing = required.find((name) => typeof name === 'string' && !Object.hasOwn(content, name));
  if (missing !== undefined) return `the field '${String(missing)}' is required`;
  for (const [name, value] of Object.entries(content)) {
    if (!Object.hasOwn(properties, name))
      return `there is no field '${name}'; the fields are ${Object.keys(properties).join(', ') || 'none'}`;
    const field = fieldOf(properties[name]);
    // Without a lookup of schemas, the only ones are those that `fieldOf` made, which refer to none.
    const { errors } = validate(value, field, '2020-12', {});
    const error = errors.find(({ keyword }) => keyword !== 'items');
    if (error) return `the field '${name}' ${sentenceOf(error.keyword, field, error.instanceLocation !== '#')}`;
  }
  return undefined;
}

const BOUNDS = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  boolean: [],
  array: ['minItems', 'maxItems'],
} as const;

/**
 * The part of a field's schema that is checked here, made anew: flat, so that no reference, nesting or combination of a
 * hostile server is followed, and without patterns and formats, which are the server's own to check: a pattern could
 * keep the session busy for ever.
 */
function fieldOf(given: Json | undefined): Field {
  const field = isObject(given) ? (given as JsonObject) : {};
  const { type } = field;
  if (typeof type !== 'string' || !isKnown(type)) return { type: ['string', 'number', 'boolean'] };
  const bounds = BOUNDS[type].flatMap((key) => (typeof field[key] === 'number' ? [[key, field[key]]] : []));
  const items = isObject(field.items) ? (field.items as JsonObject) : {};
  return {
    type,
    ...(Object.fromEntries(bounds) as object),
    ...(type === 'string' && choicesOf(field)),
    ...(type === 'array' && { items: { type: 'string', ...choicesOf(items) } }),
  };
}

const isKnown = (type: string): type is keyof typeof BOUNDS => Object.hasOwn(BOUNDS, type);

/** Choices stand as `enum`, or as `oneOf` or `anyOf` of constants with titles. */
function choicesOf(field: JsonObject): { readonly enum?: Json[] } {
  const titled = [field.oneOf, field.anyOf].find(Array.isArray) as readonly Json[] | undefined;
  const choices = Array.isArray(field.enum)
    ? (field.enum as readonly Json[])
    : titled?.map((each) => (isObject(each) ? ((each as JsonObject).const ?? null) : null));
  return choices === undefined ? {} : { enum: [...choices] };
}

const KINDS = {
  string: 'must be a text',
  number: 'must be a number',
  integer: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list of texts',
};

function sentenceOf(keyword: string, field: Field, inItem: boolean): string {
  const bound = String(field[keyword]);
  switch (keyword) {
    case 'type':
      return typeof field.type === 'string' ? KINDS[field.type] : 'must be a text, a number, true or false';
    case 'enum': {
      const choices = (inItem ? field.items?.enum : field.enum) ?? [];
      const more = choices.length > NAMED ? ` and ${choices.length - NAMED} more` : '';
      return `must be one of ${choices.slice(0, NAMED).map(String).join(', ')}${more}`;
    }
    case 'minLength':
      return `must have at least ${bound} characters`;
    case 'maxLength':
      return `must have at most ${bound} characters`;
    case 'minItems':
      return `must have at least ${bound} choices`;
    case 'maxItems':
      return `must have at most ${bound} choices`;
    case 'minimum':
      return `must be at least ${bound}`;
    case 'maximum':
      return `must be at most ${bound}`;
    case 'exclusiveMinimum':
      return `must be more than ${bound}`;
    case 'exclusiveMaximum':
      return `must be less than ${bound}`;
    default:
      return 'does not fit';
  }
}
