import * as z from 'zod/mini';
import { ROLES } from '../../../protocol/identity/standing.ts';
import { aCount } from '../fields.ts';
import { route } from '../route.ts';

const POSITION = aCount(0, 10_000_000);

export const EVENTS = [
  route({
    method: 'GET',
    path: '/sessions/{id}/events',
    who: ROLES,
    summary: 'what happens to it, as server-sent events: the entries of its log, and how many there are up to each',
    query: z.strictObject({ after: z.optional(POSITION) }),
    answer: 'Entry',
    also: { types: ['text/event-stream'] },
    handle: ({ query: { after = 0 }, lastEventId, follow }) => follow(lastEventId ?? after),
  }),
];
