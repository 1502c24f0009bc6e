import * as z from 'zod/mini';
import { aName, SESSION_ID } from '../../../protocol/fields.ts';
import { ROLES } from '../../../protocol/identity/standing.ts';
import { sessionsFor } from '../seen.ts';
import { route } from '../route.ts';

export const POLICY = [
  route({
    method: 'POST',
    path: '/policy/explain',
    who: ['operator', 'auditor'],
    summary: 'why a call was allowed or denied, attempt by attempt; nothing is changed',
    body: z.strictObject({ session: SESSION_ID, callId: aName }),
    answer: 'Explained',
    async handle(asked) {
      const { custody, body, inspect } = asked;
      const { session, callId } = body;
      await sessionsFor(asked, [session]);
      await custody.session(session).state();
      return { attempts: await inspect.explain(custody, session, callId) };
    },
  }),
  route({
    method: 'GET',
    path: '/policy/coverage',
    who: ROLES,
    summary: 'which rules can apply to each tool; it may be some minutes old',
    answer: 'Coverage',
    handle: ({ inspect }) => inspect.coverage(),
  }),
];
