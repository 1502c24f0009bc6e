import { entry } from './entry.ts';

/** What is said to calls. */
export const CALLS = {
  CALL_NOT_FOUND: entry('The session has no such call.', 'Check the call id with `custody show`.', 404),
  CALL_NOT_IN_DOUBT: entry(
    'Only a call in doubt can be resolved, and this one is not.',
    'Look at its outcome with `custody show`.',
    409,
  ),
  CALL_NOT_ASKING: entry(
    'Only a call whose server asked for input can be responded to, and this one is not.',
    'Look at its phase with `custody show`.',
    409,
  ),
  RESPONSE_INVALID: entry(
    'The response does not fit what the server asks; the question stays open.',
    'Compare it with the form that `custody show` prints, or decline with `--decline`.',
    422,
    false,
    -32602,
  ),
  CALL_ID_REUSED: entry(
    'This call id was used before for another tool or other arguments.',
    'Use a new call id for a new call.',
    409,
  ),
  CALL_PARKED: entry(
    'The call is accepted and must wait; its caller need not.',
    'Ask again with the same call id; it runs once.',
    202,
    true,
  ),
  CALL_ROLLED_BACK: entry(
    'The call waited when the session was rolled back, so it never started.',
    'Make a new call if its effect is still wanted.',
    409,
  ),
  CALL_CANCELLED: entry('The call was cancelled.', 'Make a new call if its effect is still wanted.', 409),
  RESOLVED_AS_FAILED: entry(
    'The call was in doubt, and somebody who looked says that it failed.',
    'Make a new call if its effect is still wanted.',
    409,
  ),
  REPEATS_EARLIER: entry(
    'An earlier connection of the caller made the same call a short while ago, and the caller may not know.',
    'Take the answer of that call, by its id; or make the call with `again`, if it is meant to happen once more.',
    409,
  ),
  ANSWER_EXPIRED: entry(
    'A call with this id ran before, and its answer is no longer kept.',
    'Read the answer in the history of the session, or make a new call with a new id.',
    410,
  ),
  SESSION_PAUSED: entry(
    'The session is paused and refuses calls meanwhile (`session.whilePaused: refuse`).',
    'Call again after the session is resumed.',
    409,
    true,
  ),
  BACKLOG_FULL: entry(
    'The session has as many waiting calls, or bytes of arguments, as it can carry.',
    'Call again with the same call id after a short while.',
    429,
    true,
  ),
  CALL_LIMIT: entry(
    'The session has taken as many calls as its profile allows, and is paused.',
    'Raise `session.maxCalls` in the profile and take it with `custody resume --accept-changes`, or start a new ' +
      'session.',
    429,
  ),
  BYTE_LIMIT: entry(
    'The calls of the session have carried as many bytes as its profile allows, and it is paused.',
    'Raise `session.maxBytes` in the profile and take it with `custody resume --accept-changes`, or start a new ' +
      'session.',
    429,
  ),
  IDENTICAL_CALLS: entry(
    'The same call came too often in a row, as from a runaway agent, and the session is paused.',
    'Find out why the agent repeats itself, then `custody resume`; the count begins anew.',
    429,
  ),
  SESSION_FULL: entry(
    'The session has made so many calls, or keeps so much, that it can carry no more.',
    'Complete it, and go on in a new session.',
    507,
  ),
  UNKNOWN_SERVER: entry(
    'The session has no server of this name.',
    'Name the server in the session spec, and define it in custody.yaml, which a worker reads as it starts.',
    404,
    false,
    -32602,
  ),
  UNKNOWN_TOOL: entry(
    'The server had no tool of this name when the session opened it.',
    'Check the name; a tool that is new is taken up by `custody resume --accept-changes`.',
    404,
    false,
    -32602,
  ),
  ARGUMENTS_TOO_LARGE: entry(
    'The arguments are larger than a call may carry.',
    'Send less in one call.',
    413,
    false,
    -32602,
  ),
  ARGUMENTS_INVALID: entry(
    'The arguments do not fit the schema of the tool, and nothing was sent.',
    'Mend what the message names. Where the schema is wrong, say `checkArguments: false` for the tool in custody.yaml.',
    422,
    false,
    -32602,
  ),
  RESULT_TOO_LARGE: entry(
    'The answer of the tool is larger than Custody takes in.',
    'Ask the tool for less, or in parts.',
    502,
  ),
  STATE_TOO_LARGE: entry(
    'The state of the agent is larger than a session keeps.',
    'Save less: what the agent cannot find out again, and names of files rather than their content.',
    413,
    false,
    -32602,
  ),
};
