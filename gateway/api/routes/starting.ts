import * as z from 'zod/mini';
import { objectSpecSchema } from '../../../config/schema/spec.ts';
import { anObject, aText, CHECKPOINT_NAME, pattern, SESSION_ID } from '../../../protocol/fields.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { PRINCIPAL } from '../../../protocol/identity/principal.ts';
import { canonical, digestOf } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { checkSpec } from '../../../config/spec.ts';
import type { Custody } from '../../../client/custody.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { type Asked, route } from '../route.ts';

const reason = z.optional(aText);
const id = z.optional(SESSION_ID);
const at = pattern(CHECKPOINT_NAME, 'the name of a checkpoint');

export const STARTING = [
  route({
    method: 'POST',
    path: '/sessions',
    who: 'start',
    summary: 'start a session',
    body: z.strictObject({ spec: anObject('must be a session spec'), id, reason }),
    shown: { spec: objectSpecSchema },
    answer: 'Started',
    status: 201,
    async handle(asked) {
      const { caller, custody, body, key } = asked;
      const spec = body.spec as unknown as SessionSpec;
      const lacks = Object.entries(caller.labels ?? {}).find(([name, value]) => spec.labels?.[name] !== value);
      if (lacks)
        throw new CustodyError('ROLE_MISSING', `This token is for sessions with the label ${lacks.join('=')}.`);
      const id = idFor(asked);
      try {
        return { id: (await custody.start(spec, { id, reason: body.reason })).id };
      } catch (error) {
        const isThere = error instanceof CustodyError && error.code === 'SESSION_EXISTS';
        if (isThere && key !== undefined && id !== undefined && (await isSame(custody, id, spec))) return { id };
        throw error;
      }
    },
  }),
  route({
    method: 'POST',
    path: '/sessions/{id}/fork',
    who: 'fork',
    summary: 'start a session from a checkpoint of this one, which goes on',
    body: z.strictObject({ at, id, reason }),
    answer: 'Started',
    status: 201,
    async handle(asked) {
      const { session, body } = asked;
      return { id: (await session.fork({ at: body.at, id: idFor(asked), reason: body.reason })).id };
    },
  }),
  route({
    method: 'POST',
    path: '/sessions/{id}/recover',
    who: 'recover',
    summary: 'bring back a session that was lost outside Custody',
    body: z.strictObject({ reason }),
    answer: 'SessionView',
    handle: ({ session, body }) => session.recover(body),
  }),
];

/**
 * The id of a new session: as it is named, or one that follows from the key, so that a repeat begins no second one.
 *
 * @throws CustodyError ROLE_MISSING where the token is for one session, which is another
 */
function idFor({ caller, body, key }: Asked<unknown, { readonly id?: string | undefined }>): string | undefined {
  const { issuer, subject } = caller;
  const wanted = body.id ?? (key && `session-${digestOf([issuer, subject, key]).slice(0, 16)}`);
  if (caller.session === undefined || caller.session === wanted) return wanted;
  throw new CustodyError('ROLE_MISSING', `This token is for the session '${caller.session}', and for no other.`);
}

/** Was a session started by this caller with this spec? */
async function isSame(custody: Custody, id: string, spec: SessionSpec): Promise<boolean> {
  const session = custody.session(id);
  const [view, began] = await Promise.all([session.describe(), session.startedWith()]);
  return view.startedBy?.actor === custody.actor && began !== undefined && textOf(began) === textOf(checkSpec(spec));
}

/** A spec without the label that says whose the session is, which no spec has by itself. */
function textOf({ labels = {}, ...rest }: SessionSpec): string {
  const { [PRINCIPAL]: _principal, ...own } = labels;
  return canonical(JSON.parse(JSON.stringify({ ...rest, labels: own })) as Json);
}
