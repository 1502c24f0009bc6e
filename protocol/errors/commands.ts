import { entry } from './entry.ts';

/** What is said to commands. */
export const COMMANDS = {
  ILLEGAL_IN_STATE: entry(
    'The session is in a state that does not allow this command.',
    'Look at the state with `custody show` and bring the session to a state that allows it.',
    409,
  ),
  ALREADY_PAUSED: entry(
    'The session is paused by an operator already.',
    'Nothing is to be done: no new call starts until `custody resume`.',
    409,
  ),
  TOO_MANY_REFUSALS: entry(
    'Commands of this caller were refused too often in a row; it has to wait before it is heard again.',
    'Read why the earlier ones were refused, and mend that. `custody show` counts refusals by code.',
    429,
    true,
  ),
  NO_REPORT: entry(
    'The session makes no report of this kind.',
    'See which its profile asks for under `onReport`; `custody report ID` makes any of them from its records.',
    409,
  ),
  SESSION_ENDED: entry('The session has ended.', 'Start a new session.', 410),
  SESSION_NOT_FOUND: entry(
    'There is no session with this id in this namespace.',
    'Check the id with `custody list`, and the address and namespace that you connect to.',
    404,
  ),
  SESSION_EXISTS: entry(
    'A session with this id was started before; an id is used once.',
    'Leave the id out to get a random one, or choose another.',
    409,
  ),
  SESSION_LOST: entry(
    'The workflow of this session was ended outside Custody (terminated, timed out or failed in Temporal).',
    'Read who ended it and why in the message or with `custody watch`, then go on from its last good point with ' +
      '`custody recover ID`.',
    410,
  ),
  SESSION_RESET: entry(
    'The session was reset in Temporal, so this run of it does not know all that it did.',
    'Bring the newer state back with `custody recover ID`, or end the session with `custody cancel ID`.',
    409,
  ),
  NOTHING_TO_RECOVER: entry(
    'The session was not lost: it runs, or it has ended as a session does.',
    'Look at it with `custody show`; use `custody resume` for one that is paused.',
    409,
  ),
  HISTORY_GONE: entry(
    'The history that the session would be recovered from is no longer there.',
    'Start a new session; what the old one did is known only to the systems that it acted on.',
    410,
  ),
  HISTORY_UNREADABLE: entry(
    'The history of the last run of the session cannot be replayed by this version of Custody.',
    'Run a worker of the version that wrote it and recover again.',
    409,
  ),
  MALFORMED_COMMAND: entry(
    'The command cannot be read.',
    'Send one JSON object with the fields that the documentation of the command names.',
    400,
    false,
    -32602,
  ),
  UNKNOWN_COMMAND: entry(
    'The session knows no command of this name.',
    'Use one of the commands that the message lists.',
    400,
    false,
    -32601,
  ),
  DEADLINE_PASSED: entry(
    'The deadline of the session has passed, so it cannot go on.',
    'Extend it with `custody extend` while the grace period lasts.',
    409,
  ),
  EXTENSION_TOO_LONG: entry(
    'The extensions of this session would exceed `session.maxExtension` in sum.',
    'Ask for less, or start a new session.',
    409,
  ),
  CHECKPOINT_NOT_FOUND: entry(
    'The session has no checkpoint of this name.',
    'Use a name that `custody show` lists, or leave it out to go back to the start of the session.',
    404,
  ),
  CHECKPOINT_EXISTS: entry(
    'The session has a checkpoint of this name already.',
    'Choose another name; each names one point of a session.',
    409,
  ),
  CHECKPOINT_LIMIT: entry(
    'The session has as many checkpoints as it can keep.',
    'Make fewer, at points to which somebody would go back.',
    409,
  ),
};
