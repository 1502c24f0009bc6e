import * as z from 'zod/mini';
import { LAYERS } from '../../../protocol/records.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { makeReport } from '../../../audit/report/make.ts';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import type { SessionRecord } from '../../../client/evidence/evidence.ts';
import { aCount, anInstant } from '../fields.ts';
import { FORMATS, inFormat, TYPES } from '../report.ts';
import { type Route, route } from '../route.ts';

const PAGE = 100;
const READERS = ['auditor', 'operator'] as const;

const wanted = z.strictObject({
  layer: z.optional(z.enum(LAYERS)),
  since: z.optional(anInstant),
  after: z.optional(aCount(0, 10_000_000)),
  limit: z.optional(aCount(1, 1000)),
});

export const EVIDENCE: readonly Route[] = [
  route({
    method: 'GET',
    path: '/sessions/{id}/records',
    who: READERS,
    summary: 'its records, as docs/audit.md describes them',
    query: wanted,
    answer: 'RecordPage',
    async handle({ custody, session: { id }, query: { layer, since, after = 0, limit = PAGE }, signal }) {
      const records: SessionRecord[] = [];
      const from = since === undefined ? -Infinity : Date.parse(since);
      let at = 0;
      for await (const record of custody.evidence.records(id, { signal })) {
        at += 1;
        if (at <= after || Date.parse(record.at) < from || (layer !== undefined && record.layer !== layer)) continue;
        if (records.length === limit) return { records, next: at - 1 };
        records.push(record);
      }
      return { records };
    },
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}/evidence',
    who: READERS,
    summary: 'how far it is sealed',
    answer: 'EvidenceState',
    async handle({ custody, session: { id } }) {
      const sealing = await custody.evidence.sealing(id);
      return sealing ? { isKept: true, ...sealing } : { isKept: false, sealed: null, unsealed: null };
    },
  }),
  route({
    method: 'POST',
    path: '/sessions/{id}/evidence/seal',
    who: READERS,
    summary: 'have all that happened to it until now sealed',
    answer: 'Sealed',
    handle: ({ custody, session: { id } }) => custody.evidence.seal(id),
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}/evidence/check',
    who: ['auditor'],
    summary: 'whether its history is whole and agrees with itself',
    answer: 'Completeness',
    handle: ({ custody, session: { id }, inspect }) => inspect.check(custody, id),
  }),
  ...REPORTS.map((kind) =>
    route({
      method: 'GET',
      path: `/sessions/{id}/reports/${kind}`,
      who: READERS,
      summary: `the ${kind} report of it, each figure with its records`,
      query: z.strictObject({ format: z.optional(z.enum(FORMATS)) }),
      answer: 'Report',
      also: { types: Object.values(TYPES) },
      async handle({ custody, session: { id }, query: { format = 'json' }, signal }) {
        const records: SessionRecord[] = [];
        for await (const record of custody.evidence.records(id, { signal })) records.push(record);
        const source = { session: id, records: records as readonly object[] as readonly EvidenceRecord[] };
        return inFormat(makeReport(kind, [source]), format);
      },
    }),
  ),
];
