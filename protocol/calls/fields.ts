import * as z from 'zod/mini';
import { aName, anObject, aRef, REFERENCE } from '../fields.ts';
import { traceparentIn } from '../values/traceparent.ts';
import { type Hears, hearsIn } from './said.ts';
import { type CallRequest, METHODS, OWN_CALL_ID } from './call.ts';

/** What is sent with the command `call`, beside who asks. A new schema for each module that has one; see `aProof`. */
export const callFields = () => ({
  callId: aName.check(
    z.refine(
      (id) => !OWN_CALL_ID.test(id),
      "must not begin with 'plan/', 'plan~', 'undo/' or 'edit/': such call ids belong to the session itself",
    ),
  ),
  server: aName,
  tool: aName,
  args: z.optional(anObject('must be a JSON object')),
  /** Instead of `args`: arguments too large for history, in the payload store. */
  argsRef: z.optional(aRef(`${REFERENCE}, without 'args' beside it`)),
  method: z.optional(z.enum(METHODS, `must be one of ${METHODS.join(', ')}`)),
  connection: z.optional(aName),
  /** Meant to happen once more, though an earlier connection made the same call. */
  again: z.optional(z.boolean()),
  /** W3C trace context of the caller; what is none is taken for absent. */
  traceparent: z.optional(z.unknown()),
  /** What the caller wants to hear while it runs; what is none is taken for absent. */
  hears: z.optional(z.unknown()),
});

type Given = z.output<z.ZodMiniObject<ReturnType<typeof callFields>>>;

/** What the session gets of them. */
export function requestIn(given: Given): { request: CallRequest; again?: true; hears?: Hears } {
  const { callId, server, tool, args = {}, argsRef, method, connection, again } = given;
  const traceparent = traceparentIn(given.traceparent);
  const hears = hearsIn(given.hears);
  return {
    ...(again ? { again } : {}),
    ...(hears ? { hears } : {}),
    request: {
      callId,
      server,
      tool,
      args,
      ...(argsRef === undefined ? {} : { argsRef }),
      ...(method === undefined || method === 'tools/call' ? {} : { method }),
      ...(connection === undefined ? {} : { connection }),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
}
