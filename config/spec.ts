import { byteLength } from '../protocol/values/digest.ts';
import { LIMITS } from '../protocol/limits.ts';
import { isObject } from '../protocol/values/json.ts';
import { previewOf, type Ref } from '../protocol/values/payload.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { checkDocument } from './document/check-document.ts';
import { readDocument, type Document } from './document/document.ts';
import { readFileDocument } from './document/file.ts';
import { planProblems } from './schema/plan.ts';
import { located, problemsError, type Problem } from './document/problems.ts';
import type { Schema } from '../protocol/values/check.ts';
import { fileSpecSchema, objectSpecSchema } from './schema/spec.ts';
import { readValue } from './document/value.ts';

/**
 * The session spec in a YAML or JSON file.
 * @throws CustodyError SPEC_INVALID with every problem, its line and column
 */
export const loadSpec = async (path: string): Promise<SessionSpec> =>
  specOf(await readFileDocument(path), fileSpecSchema);

/**
 * The session spec in a YAML or JSON text.
 * @param filename for messages only
 * @throws CustodyError SPEC_INVALID with every problem, its line and column
 */
export const parseSpec = (text: string, filename: string): SessionSpec =>
  specOf(readDocument(text, filename), fileSpecSchema);

/**
 * A session spec that a program made; answers with a copy. Waits may be durations or milliseconds.
 * @throws CustodyError SPEC_INVALID with every problem and its path
 */
export const checkSpec = (value: unknown): SessionSpec => specOf(readValue(value, 'spec'), objectSpecSchema);

function specOf(document: Document, schema: Schema<SessionSpec>): SessionSpec {
  const checked = checkDocument(document, schema, planProblems, sizeProblems);
  if (checked.problems) throw problemsError('SPEC_INVALID', located(document, checked.problems));
  return checked.value;
}

/** Large arguments go by reference. */
function asStarted(key: string, item: unknown): unknown {
  const text = key === 'args' && isObject(item) ? JSON.stringify(item) : '';
  const bytes = byteLength(text);
  return bytes > LIMITS.argumentBytes
    ? ({ sha256: '0'.repeat(64), bytes, preview: previewOf(text) } satisfies Ref)
    : item;
}

function sizeProblems(value: unknown): Problem[] {
  const bytes = byteLength(JSON.stringify(value, asStarted) ?? '');
  return bytes > LIMITS.specBytes
    ? [{ path: [], message: `is ${bytes} bytes as JSON; at most ${LIMITS.specBytes} can be started` }]
    : [];
}
