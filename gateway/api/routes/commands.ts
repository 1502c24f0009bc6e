import * as z from 'zod/mini';
import type { CommandOptions } from '../../../client/session/command.ts';
import type { SessionHandle } from '../../../client/session/handle.ts';
import { fieldsOf, type OutsideName, type OwnFields } from '../../../protocol/commands.ts';
import { aJson, aText } from '../../../protocol/fields.ts';
import type { Accepted } from '../../../protocol/replies.ts';
import type { Schema } from '../../../protocol/values/check.ts';
import { parseDuration } from '../../../protocol/values/duration.ts';
import { type Route, route } from '../route.ts';

type Reasoned = { readonly reason?: string | undefined };

/** A command, given as its caller. */
function command<Body extends Reasoned>(
  name: OutsideName,
  summary: string,
  body: Schema<Body>,
  give: (session: SessionHandle, given: Body, options: CommandOptions) => Promise<Accepted>,
): Route {
  return route({
    method: 'POST',
    path: `/sessions/{id}/commands/${name}`,
    who: name,
    summary,
    body,
    answer: 'Accepted',
    handle: ({ session, body: given, key }) => give(session, given, { reason: given.reason, commandId: key }),
  });
}

/** Its fields are those that the session takes. */
const usual = <Name extends OutsideName>(
  name: Name,
  summary: string,
  give: (session: SessionHandle, given: OwnFields<Name>, options: CommandOptions) => Promise<Accepted>,
): Route => command<OwnFields<Name> & Reasoned>(name, summary, fieldsOf(name) as Schema<never>, give);

const reasonOnly = z.strictObject({ reason: z.optional(aText) });
const state = z.strictObject({ reason: z.optional(aText), state: aJson() });

export const STEERING: readonly Route[] = [
  usual('pause', 'stop new calls until it is resumed', (session, _given, options) => session.pause(options)),
  usual('resume', 'go on after a pause', (session, { acceptChanges }, options) =>
    session.resume({ ...options, acceptChanges }),
  ),
  usual('extend', 'move the deadline', (session, { by }, options) => session.extend(parseDuration(by) ?? 0, options)),
  usual('topUp', 'add money to the budget', (session, { usd }, options) => session.topUp(usd, options)),
  usual('closeIncident', 'say that an incident was looked at', (session, { incident }, options) =>
    session.closeIncident(incident, options),
  ),
  usual('complete', 'end it as COMPLETED', (session, _given, options) => session.complete(options)),
  usual('cancel', 'end it as FAILED', (session, _given, options) => session.cancel(options)),
  usual('checkpoint', 'name a point to which it can go back', (session, { name }, options) =>
    session.checkpoint(name, options),
  ),
  usual('rollback', 'undo what it did, the last first', (session, { to }, options) =>
    session.rollback({ ...options, to: to ?? undefined }),
  ),
  usual('resolve', 'settle a call that is in doubt', (session, { callId, as }, options) =>
    session.resolve(callId, as, options),
  ),
  usual('respond', 'answer what a server asked in a call', (session, given, options) =>
    session.respond(given.callId, given.with, options),
  ),
  command('saveState', 'keep what an agent needs to go on from', state, (session, given, options) =>
    session.saveState(given.state, options),
  ),
  usual('record', 'put on record what Custody cannot see', (session, given, options) => {
    const { reason: _reason, ...entry } = given;
    return session.record(entry as Parameters<SessionHandle['record']>[0], options);
  }),
  route({
    method: 'POST',
    path: '/sessions/{id}/commands/attach',
    who: 'attach',
    summary: 'for an agent that started again: how the session stands, and what it saved',
    body: reasonOnly,
    answer: 'Attached',
    handle: ({ session, body: { reason }, key }) => session.attach({ reason, commandId: key }),
  }),
  route({
    method: 'POST',
    path: '/sessions/{id}/commands/heartbeat',
    who: 'heartbeat',
    summary: 'say that the agent is there',
    answer: 'Beaten',
    async handle({ session }) {
      await session.heartbeat();
      return { ok: true } as const;
    },
  }),
];
