import type { ErrorCode } from '../../../protocol/errors.ts';

/**
 * What a model can do about each error, in the words that it reads. None of them names what only the people who run a
 * session may do: a model with a shell would do that.
 */

const OPERATORS =
  'Only the people who run this session can change that. Do not work around it: say what you needed, and go on with ' +
  'what does not need it, or stop.';
const OVER = 'No tool here can be called any more. Say what was left undone, and stop.';
const LATER = 'It passes by itself: do something else meanwhile, then make the call again.';
const ANOTHER = 'Make another call if its effect is still wanted.';
const ANSWERED = 'It was carried out once, and is not to be made again. Find out by reading what came of it.';
const MEND = 'Mend what the message names, and make the call again.';
const UNKNOWN = 'Use only the tools, names and ids that are listed here.';

export const ADVICE: { readonly [Code in ErrorCode]: string } = {
  CALL_NOT_FOUND: UNKNOWN,
  CALL_NOT_IN_DOUBT: OPERATORS,
  CALL_NOT_ASKING: 'Nothing is asked in this call any more: wait for its answer with custody_wait.',
  RESPONSE_INVALID: 'Fill the form in as it asks, or decline it.',
  CALL_ID_REUSED: 'Make the call under an id that was not used before, or without one.',
  CALL_PARKED: 'It runs once, and is not to be made again: call custody_wait with its call id for its answer.',
  CALL_ROLLED_BACK: ANOTHER,
  CALL_CANCELLED: ANOTHER,
  RESOLVED_AS_FAILED: ANOTHER,
  REPEATS_EARLIER: 'Take the answer of the earlier call.',
  POLICY_DENIED:
    'Rules forbid it. Do not try it in another way: do what the message says, or go on with what is allowed.',
  APPROVAL_REJECTED: 'A person said no. Do what the reason says, or go on without it; do not try it in another way.',
  APPROVAL_EXPIRED: 'Nobody approved it in time. Go on without it, and say what was left undone.',
  APPROVAL_EDITED: 'A person changed it: call custody_wait with the id that the message names for its answer.',
  APPROVAL_NOT_FOUND: OPERATORS,
  APPROVAL_ENDED: OPERATORS,
  APPROVAL_DIFFERS: OPERATORS,
  APPROVAL_OWN: OPERATORS,
  APPROVAL_TWICE: OPERATORS,
  APPROVAL_NEEDED: 'People are asked. Do something else meanwhile.',
  ANSWER_EXPIRED: ANSWERED,
  SESSION_PAUSED: 'The session is paused, and people decide when it goes on. Wait, and look with custody_status.',
  SCAN_BLOCKED: 'Leave out what the message names. A call whose result is kept back was made: do not make it again.',
  SCAN_FAILED: MEND,
  INCIDENT_NOT_FOUND: OPERATORS,
  BUDGET_EXCEEDED: OPERATORS,
  BUDGET_UNAVAILABLE: OPERATORS,
  BUDGET_NOT_FOUND: OPERATORS,
  BUDGET_LEASE_NOT_FOUND: OPERATORS,
  BUDGET_IN_USE: OPERATORS,
  NO_BUDGET: OPERATORS,
  NO_REPORT: OPERATORS,
  BACKLOG_FULL: 'Too many calls wait. Wait for the answers of some, then make this one again.',
  CALL_LIMIT: OPERATORS,
  BYTE_LIMIT: OPERATORS,
  IDENTICAL_CALLS:
    'You made the same call again and again, so the session is paused for people to look. Stop, and say why.',
  SESSION_FULL: OVER,
  UNKNOWN_SERVER: UNKNOWN,
  UNKNOWN_TOOL: UNKNOWN,
  ARGUMENTS_TOO_LARGE: 'Send less in one call.',
  ARGUMENTS_INVALID: MEND,
  RESULT_TOO_LARGE: 'It was carried out, and its answer is too large to be passed on. Ask for less, or in parts.',
  STATE_TOO_LARGE: 'Save less.',
  ILLEGAL_IN_STATE: 'Not in this state of the session: look with custody_status, and wait until it goes on.',
  ALREADY_PAUSED: 'The session is paused, and people decide when it goes on. Wait, and look with custody_status.',
  TOO_MANY_REFUSALS: 'You were refused too often in a row. Read why, change what you do, and wait before you go on.',
  SESSION_ENDED: OVER,
  PROOF_MISSING: OPERATORS,
  PROOF_INVALID: OPERATORS,
  PROOF_EXPIRED: OPERATORS,
  PROOF_REPLAYED: OPERATORS,
  PROOF_UNCHECKED: LATER,
  KEY_UNKNOWN: OPERATORS,
  KEY_REVOKED: OPERATORS,
  KEY_EXPIRED: OPERATORS,
  ACTOR_MISMATCH: OPERATORS,
  ROLE_MISSING: OPERATORS,
  PRINCIPALS_INVALID: OPERATORS,
  KEY_UNUSABLE: OPERATORS,
  SESSION_NOT_FOUND: OVER,
  SESSION_EXISTS: OPERATORS,
  SESSION_LOST: OVER,
  SESSION_RESET: OPERATORS,
  NOTHING_TO_RECOVER: OPERATORS,
  HISTORY_GONE: OPERATORS,
  HISTORY_UNREADABLE: OPERATORS,
  MALFORMED_COMMAND: MEND,
  UNKNOWN_COMMAND: UNKNOWN,
  DEADLINE_PASSED: 'The time of the session is over. Say what was left undone, and stop.',
  EXTENSION_TOO_LONG: OPERATORS,
  CHECKPOINT_NOT_FOUND: 'Use a name that custody_status lists.',
  CHECKPOINT_EXISTS: 'Choose another name.',
  CHECKPOINT_LIMIT: 'Go on without another checkpoint.',
  WORKER_LOST: LATER,
  HELD_ELSEWHERE: LATER,
  WORKER_BUSY: LATER,
  CONFIG_CHANGED: OPERATORS,
  CONFIG_MISSING: OPERATORS,
  CONFIG_INVALID: OPERATORS,
  POLICY_INVALID: OPERATORS,
  POLICY_CASES_INVALID: OPERATORS,
  PROFILE_INVALID: OPERATORS,
  SPEC_INVALID: OPERATORS,
  UNKNOWN_PROFILE: OPERATORS,
  OVERRIDE_OUT_OF_BOUNDS: OPERATORS,
  SECRET_MISSING: OPERATORS,
  PLAN_STEP_FAILED: OPERATORS,
  PLAN_REFERENCE_MISSING: OPERATORS,
  INTERNAL_ERROR: OPERATORS,
  BEFORE_IMAGE_FAILED:
    'It was not carried out, as it could not have been undone. Mend what the message names, or do without.',
  UNDO_FAILED: OPERATORS,
  UNDO_CONFLICT: OPERATORS,
  SERVER_UNAVAILABLE: LATER,
  SERVER_PROTOCOL_ERROR: OPERATORS,
  SERVER_REFUSED: 'Read what the server says, and compare the arguments with the schema of the tool.',
  SERVER_ASKS_UNSUPPORTED: 'Use another tool: this one asks for what nobody here can give.',
  CONNECTION_LOST: LATER,
  TOOL_TIMEOUT: 'Ask the tool for less in one call, or do without.',
  TOOL_CHANGED: OPERATORS,
  TOO_MANY_TOOLS: OPERATORS,
  LEASE_LOST: LATER,
  PAYLOAD_MISSING: OPERATORS,
  PAYLOAD_CORRUPT: OPERATORS,
  STORE_UNAVAILABLE: LATER,
  NOT_AUTHENTICATED: OPERATORS,
  KEY_MISSING: OPERATORS,
  KEY_INVALID: OPERATORS,
  BUNDLE_MALFORMED: OPERATORS,
  BUNDLE_TORN: OPERATORS,
  EVIDENCE_CONFLICT: OPERATORS,
  EVIDENCE_MISSING: OPERATORS,
  EVIDENCE_TOO_LARGE: OPERATORS,
  EVIDENCE_PATH: OPERATORS,
  EVIDENCE_UNAVAILABLE: OPERATORS,
  EVIDENCE_REFUSED: OPERATORS,
  EVIDENCE_NOT_LOCKABLE: OPERATORS,
  EVIDENCE_KEY_DIFFERS: OPERATORS,
  EVIDENCE_OFF: OPERATORS,
  NOT_SEALED: OPERATORS,
  EVIDENCE_ERASED: OPERATORS,
  EVIDENCE_HELD: OPERATORS,
  EVIDENCE_OPEN: OPERATORS,
  EVIDENCE_RETAINED: OPERATORS,
  LOG_MALFORMED: OPERATORS,
  LOG_INCOMPLETE: OPERATORS,
  LOG_CONTRADICTS: OPERATORS,
  ENTRY_TOO_LARGE: OPERATORS,
  NOTE_MALFORMED: OPERATORS,
  NOTE_UNSIGNED: OPERATORS,
  NOTE_SIGNATURE_INVALID: OPERATORS,
  NOTE_KEY_INVALID: OPERATORS,
  ED25519_UNAVAILABLE: OPERATORS,
  NOTICE_NOT_DELIVERED: OPERATORS,
  NOTICE_REFUSED: OPERATORS,
  NOTICE_ADDRESS_REFUSED: OPERATORS,
  NOTICE_UNUSABLE: OPERATORS,
  TIMESTAMP_MALFORMED: OPERATORS,
  TIMESTAMP_REJECTED: OPERATORS,
  TIMESTAMP_DIFFERS: OPERATORS,
  TIMESTAMP_UNTRUSTED: OPERATORS,
  WITNESS_UNAVAILABLE: OPERATORS,
  WITNESS_REFUSED: OPERATORS,
  SESSION_CANCELLED: OVER,
  SESSION_TIMEOUT: OVER,
  ROLLED_BACK: 'What the session did was undone. Say so, and stop.',
  TEMPORAL_UNAVAILABLE: LATER,
  CLIENT_CLOSED: LATER,
  NAMESPACE_NOT_FOUND: OPERATORS,
  SETUP_MISSING: OPERATORS,
  NO_WORKER: LATER,
  NATIVE_WORKER_MISSING: OPERATORS,
  EMBEDDED_TEMPORAL_UNAVAILABLE: OPERATORS,
  EMBEDDED_TEMPORAL_FAILED: OPERATORS,
  USAGE: MEND,
};

/** The same for a call that the session has taken, or may have: it is waited for, and not made again. */
export const waitFor = (callId: string): string =>
  `Do not make it again, it runs once: call custody_wait with {"callId":"${callId}"} for its answer.`;

/** The same for a call that people are asked to approve. */
export const whileAsked = (callId: string): string =>
  `${waitFor(callId)} People decide, maybe in hours: do not do it in another way; go on with what does not need it.`;

/** The same for a call that was not made, as it may be an oversight. */
export const askAgain = (callId: string): string =>
  'If you do not know of the earlier call, call custody_wait with its id, and go on with its answer. Only if this is ' +
  `meant to happen once more: call custody_again with {"callId":"${callId}"}.`;

/** The same for what was not taken, as nobody could be asked. */
export const ASK_LATER = 'Nothing was done. Ask again later: custody_status says how the session stands.';
