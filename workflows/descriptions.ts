import type { OutsideName } from '../protocol/commands.ts';

/** What the Temporal UI and CLI say of the messages that a session takes. All fields are text unless said otherwise. */

const BY = 'actor (who asks), reason (why)';
const AGENT = 'For agents that run elsewhere.';

export const COMMANDS: { readonly [name in OutsideName]: string } = {
  pause: `Stops new calls. Input: ${BY}.`,
  resume: `Goes on after a pause. Input: ${BY}, acceptChanges (true takes servers and tools as they are now).`,
  checkpoint: `Names a point to go back to. Input: name, ${BY}.`,
  rollback: `Undoes what the session did. Input: to (name of a checkpoint; left out: the start), ${BY}.`,
  extend: `Moves the deadline. Input: by (such as 1h), ${BY}.`,
  topUp: `Adds money to the budget. Input: usd (such as 12.5), ${BY}.`,
  closeIncident: `Closes an incident. Input: incident (its id), ${BY}.`,
  complete: `Ends the session as COMPLETED. Input: ${BY}.`,
  cancel: `Ends the session as FAILED. Input: ${BY}.`,
  resolve: `Settles a call in doubt. Input: callId, as (succeeded, failed or retry), ${BY}.`,
  approve: `Says yes to what is asked. Input: approval (its id), digest, args (object; left out: as asked), ${BY}.`,
  reject: `Says no to what is asked. Input: approval (its id), ${BY}.`,
  review: `Does a review. Input: review (its id), finding (what was found), verdict (passed or objection), ${BY}.`,
  respond: `Answers what a server asks in a call. Input: callId, with (object), ${BY}.`,
  call: `Calls a tool. Input: callId, server, tool, args (object), ${BY}.`,
  attach: `${AGENT} Takes the session up again. Input: ${BY}.`,
  saveState: `${AGENT} Keeps what the agent goes on from. Input: state (any JSON), ${BY}.`,
  record: `${AGENT} Puts on record what the session cannot see. Input: kind, text, data, usage, ${BY}.`,
  heartbeat: `${AGENT} Says that the agent is there. Input: ${BY}.`,
};

export const RELEASED = 'From a worker that stops: it no longer holds a server. Nobody else needs to send it.';
export const FORKED = 'From a session that was forked from this one. Nobody else needs to send it.';

export const NOTICES = 'From a worker: notices of the session that are to be delivered. Nobody else needs to send it.';

export const LOOK = 'There may be something new to seal.';
export const LEAVES = 'From a worker: how far sessions are sealed now. Nobody else needs to send it.';
export const SEAL = 'Seals what there is now. Answers with what the log has then.';

export const ORDER =
  'Erases, holds or releases what is sealed. Input: act (erase, hold or release), actor, reason, commandId, proof.';

export const QUERIES = {
  describe: 'The session as it is: state, calls, deadline, servers.',
  pins: 'The servers of the session, with the tools as they were when it opened them.',
  call: 'What became of a call. Input: its id; null when the session does not know it.',
  rollback: 'What a rollback would undo. Input: name of a checkpoint, or null for the start.',
  carried: 'The whole state, for a run that goes on from this one. Only workers ask.',
  findings: 'What was done to sessions in Temporal past them, the oldest first.',
} as const;
