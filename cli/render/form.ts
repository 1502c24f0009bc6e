import type { Form, Question } from '../../protocol/calls/questions.ts';
import { isObject } from '../../protocol/values/json.ts';
import { printable } from '../io/printable.ts';

/** What a server asks: its message, and one line for each field. */
export const showForm = (question: Question): string =>
  [`  "${printable(question.message)}"`, ...('kind' in question ? [] : fieldsOf(question.schema).map(showField))].join(
    '\n',
  );

/** A response of the right shape, to be filled in. */
export function sampleOf(question: Question): Record<string, unknown> {
  if (!('kind' in question))
    return Object.fromEntries(
      fieldsOf(question.schema)
        .filter(({ required }) => required)
        .map(({ name, field }) => [name, sampleValue(field)]),
    );
  return question.kind === 'roots'
    ? { roots: [{ uri: 'file:///…' }] }
    : { role: 'assistant', model: 'a person', content: { type: 'text', text: '…' } };
}

interface Field {
  readonly name: string;
  readonly field: Record<string, unknown>;
  readonly required: boolean;
}

function fieldsOf(schema: Form['schema']): readonly Field[] {
  const required = Array.isArray(schema.required) ? (schema.required as readonly unknown[]) : [];
  return Object.entries(isObject(schema.properties) ? schema.properties : {}).map(([name, field]) => ({
    name,
    field: isObject(field) ? field : {},
    required: required.includes(name),
  }));
}

function showField({ name, field, required }: Field): string {
  const choices = choicesOf(field) ?? choicesOf(isObject(field.items) ? field.items : {});
  const about = [
    choices ? `${field.type === 'array' ? 'some of' : 'one of'} ${choices.join(', ')}` : String(field.type ?? 'any'),
    ...(required ? ['required'] : []),
    ...[field.title, field.description].filter((text) => typeof text === 'string'),
  ];
  return `    ${printable(name)}: ${printable(about.join('; '))}`;
}

function choicesOf({ enum: names, oneOf, anyOf }: Record<string, unknown>): readonly string[] | undefined {
  if (Array.isArray(names)) return names.map(String);
  const titled: unknown = oneOf ?? anyOf;
  return Array.isArray(titled) ? titled.map((each: unknown) => (isObject(each) ? String(each.const) : '')) : undefined;
}

function sampleValue(field: Record<string, unknown>): unknown {
  const [first] = choicesOf(field) ?? [];
  if (first !== undefined) return first;
  return { boolean: true, number: 0, integer: 0, array: [] }[String(field.type)] ?? '…';
}
