import { isObject, type Json, type JsonObject } from '../../../protocol/values/json.ts';

/** UTF-16 code units of an output schema, beyond which compiling it would keep everybody waiting. */
const LONGEST = 64 * 1024;

/**
 * The schema of a tool's arguments as every client takes it. Arguments are an object, so saying so where the schema
 * does not changes nothing; what is no schema says nothing.
 */
export function fitInput(schema: Json | undefined): JsonObject {
  if (!isObject(schema)) return { type: 'object' };
  const { type, properties, required, ...rest } = Object.fromEntries(
    Object.entries(schema as JsonObject).filter(([, value]) => value !== null),
  ) as JsonObject;
  const types = Array.isArray(type) ? type : [type ?? 'object'];
  if (!types.includes('object')) return { type: 'object' };
  return {
    type: 'object',
    ...(isObject(properties) ? { properties: fitProperties(properties as JsonObject) } : {}),
    ...(Array.isArray(required) ? { required: required.filter((name) => typeof name === 'string') } : {}),
    ...rest,
  };
}

/** Many clients know no schema that is `true` or `false`. */
const fitProperties = (properties: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      isObject(schema) ? (schema as JsonObject) : schema === false ? { not: {} } : {},
    ]),
  );

/** What keeps clients from checking results by a schema; they compile it with Ajv as soon as they list the tool. */
export async function problemOfOutput(schema: Json): Promise<string | undefined> {
  if (JSON.stringify(schema).length > LONGEST) return `it is longer than ${LONGEST} characters`;
  const { AjvJsonSchemaValidator } = await import('@modelcontextprotocol/server/validators/ajv');
  try {
    new AjvJsonSchemaValidator().getValidator(schema as object);
    return undefined;
  } catch (error) {
    return `it cannot be compiled (${error instanceof Error ? error.message : String(error)})`;
  }
}
