import * as z from 'zod/mini';
import type { Answer } from '../../../protocol/calls/call.ts';
import { CALL_ID_FORM } from '../../../protocol/calls/call.ts';
import { anObject, aText } from '../../../protocol/fields.ts';
import { ROLES } from '../../../protocol/identity/standing.ts';
import { randomUUID } from 'node:crypto';
import { aCount } from '../fields.ts';
import { type Asked, route } from '../route.ts';

const CALL_ID = 'must be 1 to 128 printable ASCII characters without spaces';
const CALLS = '/sessions/{id}/calls';
const RECENT = 20;

const aCall = z.strictObject({
  /** `server.tool` */
  target: aText,
  args: z.optional(anObject('must be a JSON object')),
  callId: z.optional(z.string(CALL_ID).check(z.regex(CALL_ID_FORM, CALL_ID))),
  /** It is meant to happen once more. */
  again: z.optional(z.boolean()),
});

export const CALLING = [
  route({
    method: 'GET',
    path: CALLS,
    who: ROLES,
    summary: 'its last calls with what was asked, oldest first',
    query: z.strictObject({ limit: z.optional(aCount(1, 50)) }),
    answer: 'CallPage',
    async handle({ session, query: { limit = RECENT } }) {
      return { calls: (await session.recentCalls(limit)).calls };
    },
  }),
  route({
    method: 'POST',
    path: CALLS,
    who: 'call',
    summary: 'call a tool; what has no answer in time goes on, and is asked for by its id',
    body: aCall,
    answer: 'Answer',
    also: { accepted: 'Parked' },
    handle({ session, body: { target, args, callId: own, again }, key, signal, patience }) {
      const callId = own ?? key ?? randomUUID();
      return inTime(callId, { signal, patience }, (until) =>
        session.call(target, args ?? {}, { callId, again, signal: until }),
      );
    },
  }),
  route({
    method: 'GET',
    path: `${CALLS}/{callId}`,
    who: ROLES,
    summary: 'all that is known of one call',
    answer: 'CallDetails',
    handle: ({ session, params: { callId = '' } }) => session.callDetails(callId),
  }),
  route({
    method: 'GET',
    path: `${CALLS}/{callId}/answer`,
    who: 'call',
    summary: 'the answer of a call that was made before, once it is there',
    answer: 'Answer',
    also: { accepted: 'Parked' },
    handle: ({ session, params: { callId = '' }, signal, patience }) =>
      inTime(callId, { signal, patience }, (until) => session.answer(callId, { signal: until })),
  }),
];

/** The answer, or 202 where it is not there in time. */
async function inTime(
  callId: string,
  { signal, patience }: Pick<Asked, 'signal' | 'patience'>,
  ask: (until: AbortSignal) => Promise<Answer>,
): Promise<Answer | Response> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  try {
    return await ask(until);
  } catch (error) {
    if (!until.aborted) throw error;
    return Response.json({ callId }, { status: 202, headers: { 'cache-control': 'no-store', 'retry-after': '1' } });
  }
}
