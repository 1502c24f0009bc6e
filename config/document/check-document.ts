import type { Document } from './document.ts';
import type { Problem } from './problems.ts';
import { check, type Checked, type Schema } from '../../protocol/values/check.ts';

/**
 * A document against a schema, and against rules between values far apart. These rules look at the values as
 * they were written, so that one wrong value does not hide the problems of another.
 */
export function checkDocument<T>(
  document: Document,
  schema: Schema<T>,
  ...rules: readonly ((value: unknown) => readonly Problem[])[]
): Checked<T> {
  if (document.value === undefined && document.problems.length > 0) return { problems: document.problems };
  const checked = check(schema, document.value);
  const problems = [
    ...document.problems,
    ...(checked.problems ?? []),
    ...rules.flatMap((rule) => rule(document.value)),
  ];
  return checked.problems || problems.length > 0 ? { problems } : checked;
}
