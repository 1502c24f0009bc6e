import * as z from 'zod/mini';
import { fieldsOf } from '../../../protocol/commands.ts';
import { ROLES } from '../../../protocol/identity/standing.ts';
import { aCount, aFlag, anInstant, aWord, several } from '../fields.ts';
import { ofSession, onlySeen, seenIn, sessionsFor } from '../seen.ts';
import { route } from '../route.ts';

const sessions = z.optional(several(aWord, 100));

export const LOOKING = [
  route({
    method: 'GET',
    path: '/reviews',
    who: ['approver', 'auditor'],
    summary: 'what persons are asked to review, oldest first',
    query: z.strictObject({ session: sessions, overdue: z.optional(aFlag), mine: z.optional(aFlag) }),
    answer: 'AllReviews',
    async handle(asked) {
      const { session, ...rest } = asked.query;
      const all = await asked.custody.reviews({ ...rest, sessions: await sessionsFor(asked, session) });
      return {
        reviews: await onlySeen(asked, all.reviews, ofSession),
        unanswered: await onlySeen(asked, all.unanswered, ofSession),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/sessions/{id}/reviews/{review}',
    who: 'review',
    summary: 'do a review: what was found, and whether that is an objection',
    body: fieldsOf('review', ['review', 'reason']),
    answer: 'Accepted',
    handle: ({ session, params: { review = '' }, body: { finding, verdict }, key }) =>
      session.reviews.done(review, finding, { objection: verdict === 'objection', commandId: key }),
  }),
  route({
    method: 'GET',
    path: '/incidents',
    who: ROLES,
    summary: 'what went wrong and was not looked at, oldest first',
    query: z.strictObject({ session: sessions, all: z.optional(aFlag) }),
    answer: 'AllIncidents',
    async handle(asked) {
      const { session, all } = asked.query;
      const found = await asked.custody.incidents({ sessions: await sessionsFor(asked, session), all });
      return {
        incidents: await onlySeen(asked, found.incidents, ofSession),
        inTemporal: await onlySeen(asked, found.inTemporal, ({ id }) => id),
        unanswered: await onlySeen(asked, found.unanswered, ofSession),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/notices',
    who: ROLES,
    summary: 'what became of notices that sessions sent, the oldest first',
    query: z.strictObject({
      session: z.optional(aWord),
      failed: z.optional(aFlag),
      limit: z.optional(aCount(1, 1000)),
    }),
    answer: 'Notices',
    async handle(asked) {
      const { custody, query } = asked;
      const [session] = (await sessionsFor(asked, query.session === undefined ? undefined : [query.session])) ?? [];
      return onlySeen(asked, await custody.notices({ ...query, session }), ofSession);
    },
  }),
  route({
    method: 'GET',
    path: '/costs',
    who: ROLES,
    summary: 'what sessions cost: those that are named, or those that were started lately',
    query: z.strictObject({
      session: sessions,
      agent: z.optional(aWord),
      profile: z.optional(aWord),
      since: z.optional(anInstant),
      limit: z.optional(aCount(1, 1000)),
    }),
    answer: 'Costs',
    async handle(asked) {
      const { session, since, limit = 100, ...rest } = asked.query;
      const from = since === undefined ? undefined : new Date(since);
      const listed = { ...rest, labels: asked.caller.labels, limit, since: from };
      return asked.custody.costs((await sessionsFor(asked, session)) ?? (await seenIn(asked, listed)));
    },
  }),
];
