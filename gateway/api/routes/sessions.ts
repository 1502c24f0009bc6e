import * as z from 'zod/mini';
import { ROLES } from '../../../protocol/identity/standing.ts';
import { mayKnow } from '../../auth/caller.ts';
import { aCount, aFlag, anInstant, aWord, several } from '../fields.ts';
import { route } from '../route.ts';

const PAGE = 100;
const LABEL = "must be a label, 'name:value'";
const aLabel = z.string(LABEL).check(z.regex(/^[^:]{1,64}:[\s\S]{1,256}$/, LABEL));

/** Those of `custody list`. */
const filter = z.strictObject({
  state: z.optional(aWord),
  agent: z.optional(aWord),
  profile: z.optional(aWord),
  startedBy: z.optional(aWord),
  label: z.optional(several(aLabel, 16)),
  inDoubt: z.optional(aFlag),
  since: z.optional(anInstant),
  limit: z.optional(aCount(1, 500)),
  cursor: z.optional(z.string()),
});

const labelsOf = (labels: readonly string[] = []): { readonly [name: string]: string } =>
  Object.fromEntries(labels.map((label) => [label.slice(0, label.indexOf(':')), label.slice(label.indexOf(':') + 1)]));

const part = z.strictObject({ after: z.optional(aCount(0, 10_000_000)), limit: z.optional(aCount(1, 1000)) });

export const SESSIONS = [
  route({
    method: 'GET',
    path: '/sessions',
    who: ROLES,
    summary: 'sessions, the newest first; some moments behind',
    query: filter,
    answer: 'SessionPage',
    async handle({ custody, caller, query: { label, since, limit = PAGE, ...rest } }) {
      const from = since === undefined ? undefined : new Date(since);
      const labels = { ...labelsOf(label), ...caller.labels };
      const page = await custody.page({ ...rest, id: caller.session, labels, since: from, limit });
      return { ...page, sessions: page.sessions.filter((each) => mayKnow(caller, each.id, each)) };
    },
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}',
    who: ROLES,
    summary: 'a session as it is',
    answer: 'SessionView',
    handle: ({ session }) => session.describe(),
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}/state',
    who: ROLES,
    summary: 'its state, as Temporal knows it without a worker',
    answer: 'StateSummary',
    handle: ({ session }) => session.state(),
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}/spec',
    who: ROLES,
    summary: 'the spec that it was started with; null of a fork, which has none of its own',
    answer: 'Spec',
    handle: async ({ session }) => (await session.startedWith()) ?? null,
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}/pins',
    who: ROLES,
    summary: 'its servers, with the tools that it pinned',
    answer: 'Pins',
    handle: ({ session }) => session.pins(),
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}/rollback',
    who: ['operator'],
    summary: 'what a rollback would undo; nothing is changed',
    query: z.strictObject({ to: z.optional(aWord) }),
    answer: 'RollbackPreview',
    handle: ({ session, query }) => session.previewRollback(query),
  }),
  route({
    method: 'GET',
    path: '/sessions/{id}/log',
    who: ROLES,
    summary: 'what happened to it until now, in order',
    query: part,
    answer: 'LogPage',
    async handle({ session, query: { after = 0, limit = PAGE }, signal }) {
      const entries = [];
      let at = 0;
      for await (const entry of session.watch({ follow: false, signal })) {
        at += 1;
        if (at > after) entries.push(entry);
        if (entries.length >= limit) break;
      }
      return { entries, next: after + entries.length };
    },
  }),
];
