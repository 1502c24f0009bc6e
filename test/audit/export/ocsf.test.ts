import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLASSES } from '../../../audit/export/event.ts';
import { MAPS, ocsfLines, ocsfOf } from '../../../audit/export/ocsf.ts';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import { recordedSession, recordedSessions } from '../recorded.ts';

interface Schemas {
  readonly $defs: object;
  readonly classes: { readonly [name: string]: object };
}
const schemas = JSON.parse(readFileSync(new URL('./ocsf-1.8.0.json', import.meta.url), 'utf8')) as Schemas;
const ajv = new Ajv2020({ allErrors: true, strict: false });
const byUid = new Map<unknown, ValidateFunction>(
  Object.entries(CLASSES).map(([name, [uid]]) => [
    uid,
    ajv.compile({ ...schemas.classes[name], $defs: schemas.$defs }),
  ]),
);

const problemsOf = (record: EvidenceRecord): unknown => {
  const event = ocsfOf(record);
  const validate = byUid.get(event['class_uid']);
  return validate?.(event) ? undefined : { event, errors: validate?.errors };
};

const recorded = recordedSessions().flatMap(({ records }) => records.filter((record) => record !== null));

test('A8: every record of the recorded sessions is an event of OCSF 1.8.0', () => {
  for (const record of recorded) expect(problemsOf(record)).toBeUndefined();
});

const base = recorded[0]!;
const like = (kind: string, data: unknown): EvidenceRecord => ({ ...base, kind, data, call: 'c' }) as never;

test('A8: so is one of each kind that no recorded session has, and one whose data is anything at all', () => {
  const incident = { incident: 'i1', what: 'secret-found', severity: 'high', text: 'a key', done: 'blocked' };
  expect(problemsOf(like('incident', incident))).toBeUndefined();
  expect(problemsOf(like('incident-closed', { incident: 'i1', times: 2, reason: 'rotated' }))).toBeUndefined();
  const kinds = fc.constantFrom(...Object.keys(MAPS), 'usage', 'notify', 'nothing');
  fc.assert(
    fc.property(kinds, fc.jsonValue(), fc.option(fc.string()), (kind, data, by) => {
      expect(problemsOf({ ...like(kind, data), by })).toBeUndefined();
    }),
  );
});

test('A8: what is looked for in a SIEM stands where the schema has it', () => {
  const events = recordedSession('decided').records.flatMap((record) => (record ? [ocsfOf(record)] : []));
  expect(
    events.find(({ class_uid, status_code }) => class_uid === 6003 && status_code === 'POLICY_DENIED'),
  ).toMatchObject({
    status_id: 2,
    actor: { authorizations: [{ decision: 'deny', policy: { name: 'never' } }] },
    api: { operation: 'upsert', service: { name: 'journal' }, request: { uid: 'never' } },
  });
  expect(events.find(({ message }) => message === 'a1: approved: fine')).toMatchObject({
    class_uid: 3004,
    actor: { user: { name: 'bob', type: 'claimed' } },
    comment: 'fine',
  });
  const paused = recordedSession('budget').records.flatMap((record) => (record ? [ocsfOf(record)] : []));
  expect(paused.find(({ activity_id, class_uid }) => class_uid === 3004 && activity_id === 12)).toBeDefined();
});

test('A8: arguments and results are left out, and an event is one line', () => {
  const lines = ocsfLines(recorded).trimEnd().split('\n');
  expect(lines).toHaveLength(recorded.length);
  const secret = 'kept-to-itself';
  const attempt = recorded.find(({ kind }) => kind === 'attempt')!;
  const outcome = { kind: 'succeeded', result: { content: [{ type: 'text', text: secret }] } };
  const records = [
    { ...attempt, data: { ...attempt.data, args: { secret } } },
    like('outcome', { name: 's.t', attempt: 1, outcome, lost: null, mark: null, worker: 'w' }),
    like('command', { name: 'call', via: 'update', input: { args: { secret } } }),
  ] as readonly EvidenceRecord[];
  expect(ocsfLines(records)).not.toContain(secret);
});

test('A8: the events of two records have two ids', () => {
  for (const { records } of recordedSessions()) {
    const ids = records.flatMap((record) => (record ? [(ocsfOf(record)['metadata'] as { uid: string }).uid] : []));
    expect(new Set(ids).size).toBe(ids.length);
  }
});
