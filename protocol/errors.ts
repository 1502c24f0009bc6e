/**
 * Every way in which Custody says no, as one closed union (architecture D11).
 *
 * `title` is the sentence for people, `remedy` what to do about it. `http` and `jsonRpc` are what a gateway
 * answers with. `retryable` means: the same request may be made again, unchanged, with a chance to succeed.
 */
export interface ErrorEntry {
  readonly title: string;
  readonly remedy: string;
  readonly http: number;
  readonly jsonRpc: number;
  readonly retryable: boolean;
}

const entry = (title: string, remedy: string, http: number, retryable = false, jsonRpc = -32000): ErrorEntry => ({
  title,
  remedy,
  http,
  jsonRpc,
  retryable,
});

export const ERRORS = {
  // Commands
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
  SESSION_CLOSED: entry('The session has ended.', 'Start a new session.', 410),
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
    'Read who ended it and why in the message or with `custody watch`, then go on from its last good point with `custody recover ID`.',
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
  // Calls
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
  CALL_IN_DOUBT: entry(
    'The call was sent and no answer is known, so its effect may or may not have happened.',
    'Look into the system that the tool acts on, then `custody resolve ID CALL --as succeeded|failed|retry`.',
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
    'Raise `session.maxCalls` in the profile and take it with `custody resume --accept-changes`, or start a new session.',
    429,
  ),
  BYTE_LIMIT: entry(
    'The calls of the session have carried as many bytes as its profile allows, and it is paused.',
    'Raise `session.maxBytes` in the profile and take it with `custody resume --accept-changes`, or start a new session.',
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
    'Name the server in the session spec, and define it in custody.yaml.',
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
  // Undoing
  BEFORE_IMAGE_FAILED: entry(
    'What stood there before the call could not be read, so the call could not have been undone and was not sent.',
    'Read the message of the tool; see the rule `undo` of the tool in custody.yaml.',
    502,
  ),
  UNDO_FAILED: entry(
    'A compensation was made and things are not as they were before.',
    'Look at what the tool acts on, mend what keeps it from working, and roll back again.',
    502,
  ),
  UNDO_CONFLICT: entry(
    'Somebody else changed what the call had made, so undoing it would overwrite their work.',
    'Look at both versions and mend it by hand.',
    409,
  ),
  // MCP servers
  SERVER_UNAVAILABLE: entry(
    'The MCP server cannot be reached or started.',
    'Check its entry in custody.yaml and the log of the server.',
    503,
    true,
  ),
  SERVER_PROTOCOL_ERROR: entry(
    'The MCP server sent something that is not the protocol.',
    'Check that the entry in custody.yaml names an MCP server, and its version.',
    502,
  ),
  SERVER_REFUSED: entry(
    'The MCP server answered with a protocol error.',
    'Read its message; check the arguments against the schema of the tool.',
    502,
  ),
  SERVER_ASKS_UNSUPPORTED: entry(
    'The MCP server asked for something that a session does not give.',
    'Use a tool that needs only forms of at most 16 KiB: sampling, roots and links to open are refused.',
    502,
  ),
  CONNECTION_LOST: entry(
    'The connection to the MCP server broke before the answer came.',
    'See whether the server crashed; the session opens it again by itself.',
    502,
    true,
  ),
  TOOL_TIMEOUT: entry(
    'The tool did not answer within its timeout.',
    'Raise `timeout` of the tool in custody.yaml, or look at why the tool is slow.',
    504,
  ),
  TOOL_CHANGED: entry(
    'The definition of a tool is not the one that the session pinned when it opened the server.',
    'Compare the definitions; accept the new ones with `custody resume --accept-changes`.',
    409,
  ),
  TOO_MANY_TOOLS: entry(
    'The MCP server lists more tools than a session can pin.',
    'Put a server in front of it that offers only the tools the agent needs.',
    502,
  ),
  LEASE_LOST: entry(
    'The connection that holds the state of this MCP server for the session is gone, or the session holds another by now.',
    'Nothing: the session opens the server again, or pauses, as `whenLost` of the server says.',
    503,
    true,
  ),
  // Workers and configuration
  WORKER_LOST: entry(
    'The worker that ran the call died or was cut off.',
    'Nothing, if a worker runs again; otherwise start one with `custody worker`.',
    503,
    true,
  ),
  WORKER_BUSY: entry(
    'The worker that holds this MCP server for the session has no free slot for the call.',
    'Nothing: the call is made when a slot is free. Where this goes on, raise `--max-calls` of the worker or start more workers.',
    503,
    true,
  ),
  CONFIG_CHANGED: entry(
    'The configuration of the worker is not the one that the session runs under.',
    'Give the worker the old configuration, or accept the new one with `custody resume --accept-changes`.',
    409,
  ),
  CONFIG_INVALID: entry(
    'The operator file custody.yaml cannot be used.',
    'Mend the lines that the message lists.',
    400,
  ),
  PROFILE_INVALID: entry('The governance profile cannot be used.', 'Mend the lines that the message lists.', 400),
  SPEC_INVALID: entry('The session spec cannot be used.', 'Mend the lines that the message lists.', 400, false, -32602),
  UNKNOWN_PROFILE: entry(
    'The configuration of the worker has no governance profile of this name.',
    'Use a profile that custody.yaml names under `profiles`.',
    404,
  ),
  OVERRIDE_OUT_OF_BOUNDS: entry(
    'The session spec overrides the profile beyond what it allows: overrides can only tighten.',
    'Leave the override out, or ask the operator for another profile.',
    403,
  ),
  SECRET_MISSING: entry(
    'An environment variable or file that custody.yaml refers to is not there.',
    'Set the variable or the file for the worker and start it again.',
    503,
  ),
  PLAN_STEP_FAILED: entry(
    'A step of the plan failed, and the plan says that the session ends then.',
    'Read the outcome of the call; set `onError` of the step to go on instead.',
    422,
  ),
  PLAN_REFERENCE_MISSING: entry(
    'A step of the plan refers to something that the earlier result does not have.',
    'Compare the reference with the result of the earlier call.',
    422,
  ),
  INTERNAL_ERROR: entry(
    'Custody itself failed.',
    'Report it with the history of the session; the session goes on.',
    500,
  ),
  // Payloads
  PAYLOAD_MISSING: entry(
    'A value that is kept outside history is not in the payload store.',
    'Point clients and workers at one payload store: `store.folder` in custody.yaml, `--store` or CUSTODY_STORE.',
    404,
  ),
  PAYLOAD_CORRUPT: entry(
    'A value in the payload store is not the one that was kept.',
    'Put the file back from a backup, or delete it and make the call again under a new id.',
    500,
  ),
  STORE_UNAVAILABLE: entry(
    'The payload store cannot be read or written.',
    'Check that its folder exists or can be made, its permissions, and the space on its disk; `custody doctor` looks at it.',
    503,
    true,
  ),
  // How sessions end
  SESSION_CANCELLED: entry('The session was cancelled.', 'Start a new session if the work is still wanted.', 409),
  SESSION_TIMEOUT: entry(
    'The session reached its deadline, and its grace period passed without an extension.',
    'Start a new session with a longer `session.timeout`, or extend earlier.',
    504,
  ),
  ROLLED_BACK: entry(
    'The session was rolled back to its start.',
    'See what could not be undone with `custody show`.',
    409,
  ),
  // Temporal and the environment
  TEMPORAL_UNAVAILABLE: entry(
    'Temporal cannot be reached.',
    'Check the address (`--address`, TEMPORAL_ADDRESS, profile), the network and TLS settings.',
    503,
    true,
  ),
  CLIENT_CLOSED: entry(
    'The client was closed before an answer came.',
    'Connect again and ask again, a call under its call id: what the session has taken goes on, and is not done twice.',
    503,
    true,
  ),
  NAMESPACE_NOT_FOUND: entry(
    'The Temporal namespace does not exist.',
    'Run `custody setup`, or check the namespace that you connect to.',
    404,
  ),
  SETUP_MISSING: entry(
    'The namespace lacks the search attributes of Custody.',
    'Run `custody setup` once for this namespace.',
    503,
  ),
  NO_WORKER: entry(
    'No worker answers for the session.',
    'Start one with `custody worker`. The session is safe, and the next worker may still take the request: ask again under the same id.',
    503,
    true,
  ),
  NATIVE_WORKER_MISSING: entry(
    'The native worker of Temporal cannot be loaded, so no worker can run here.',
    'Install it with `npm install @temporalio/worker`, on Linux with glibc or macOS; commands that only talk to Temporal work without it.',
    503,
  ),
  EMBEDDED_TEMPORAL_UNAVAILABLE: entry(
    'No Temporal could be found, downloaded or built.',
    'Install the Temporal CLI, or name a server with --address.',
    503,
  ),
  EMBEDDED_TEMPORAL_FAILED: entry(
    'The embedded Temporal did not start.',
    'Read its last lines in the message; where a port is in use, choose another with --port or --ui-port.',
    503,
    true,
  ),
  USAGE: entry('The command line cannot be read.', 'See `custody COMMAND --help`.', 400),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** A "no" as data: what goes into history, answers and `--json` output. */
export interface Refusal {
  readonly code: ErrorCode;
  /** What happened and why, with the names of this case. */
  readonly message: string;
  /** What the MCP server itself answered, where it refused a request in so many words. */
  readonly rpc?: RpcError;
}

/** An error of JSON-RPC, as a server gave it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERRORS, code);

/** A `Refusal` as an exception, for code outside workflows. */
export class CustodyError extends Error {
  override readonly name = 'CustodyError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = ERRORS[code].title, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** What to do about it. */
  get remedy(): string {
    return ERRORS[this.code].remedy;
  }

  get retryable(): boolean {
    return ERRORS[this.code].retryable;
  }
}
