import type { Json, JsonObject } from '../../protocol/values/json.ts';
import type { Code } from '../check/codes.ts';
import type { Finding } from '../check/finding.ts';
import { shorten } from './shorten.ts';

/** A finding in words, without where it stands. Made where it is shown, and never stored. */
export const findingText = ({ code, data }: Finding): string => shorten(TEXT[code](data), 400);

const say = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
const range = ({ from, to }: JsonObject): string => (from === to ? say(from) : `${say(from)} to ${say(to)}`);
const call = ({ callId, attempt }: JsonObject): string =>
  attempt === undefined || attempt === 1 ? `call ${say(callId)}` : `call ${say(callId)}, attempt ${say(attempt)}`;

const TEXT: { readonly [C in Code]: (data: JsonObject) => string } = {
  EVENT_GAP: (data) => `events ${range(data)} are not there`,
  EVENT_REPEATED: () => 'an event stands twice, or two have one id',
  EVENT_MOVED: ({ after }) => `an event stands after event ${say(after)}, which has a higher id`,
  EVENT_KIND: ({ type, kind }) =>
    kind === null
      ? `an event of type ${say(type)} holds nothing known`
      : `a ${say(kind)} says that it is of type ${say(type)}`,
  TASK_ORDER: () => "Temporal's number of its task is not above that of the event before: events were given new ids",
  TIME_BACKWARDS: ({ ms }) => `the event is ${say(ms)} ms older than it can be there`,
  RUN_BEGINNING: ({ starts }) => `the run begins with no start, or has more than one: ${say(starts)} in all`,
  RUN_AFTER_END: ({ end }) => `events follow event ${say(end)}, with which the run ended`,
  RUN_OPEN: ({ last }) => `the run has no end: it stops at event ${say(last)}, and nothing says that it is open`,
  RUN_STILL_OPEN: ({ last }) => `the session is open: checked up to event ${say(last)}`,
  REFERENCE: ({ kind, field, to, target }) =>
    `a ${say(kind)} names event ${say(target)} as its ${say(to)} (${say(field)}), and it is not there or is none`,
  REFERENCE_REPEATED: ({ to, target }) => `${say(to)} ${say(target)} was ended twice`,
  LEFT_OPEN: ({ kind }) => `a ${say(kind)} has no end, and the run ended by itself`,
  TASK_CHAIN: ({ kind, what }) => `a ${say(kind)} ${say(what)}`,
  TASK_UNCALLED: () => 'nothing on record called for this workflow task: a signal may have stood before it',
  SEQUENCE: ({ kind, number, last }) => `${say(kind)} has number ${say(number)}, after ${say(last)}`,
  SEQUENCE_GAP: (data) => `${say(data.kind)}: numbers ${range(data)} were not used, or cancelled at once`,
  RUN_MISSING: ({ runId, how }) => `run ${say(runId)} was not given, ${HOW[say(how)] ?? say(how)}`,
  RUN_LINK: ({ what }) => say(what),
  RUN_FOREIGN: ({ session, type, of }) => `the run is of ${say(type)} ${say(session)}, and not of ${say(of)}`,
  RESET_COPY: ({ base }) => `what the reset copied is not what run ${say(base)} has`,
  DISCARDED: (data) => `a ${say(data.how)} left events ${range(data)} of this run behind: they count no more`,
  RECORD_UNREADABLE: () => 'what the session wrote as records cannot be read',
  NUMBER_GAP: (data) => `records ${range(data)} are not there`,
  NUMBER_REPEATED: () => 'the number stands twice, or is none that can be there',
  NUMBER_UNWRITTEN: (data) =>
    `records ${range(data)} were begun by run ${say(data.before)} as it was ended, and not written`,
  NUMBER_CARRIED: ({ says, last }) =>
    `the run was handed record ${say(says)} as the last, and ${say(last)} is on record`,
  TRANSITION_ILLEGAL: ({ from, to }) => `no session goes from ${say(from)} to ${say(to)}`,
  TRANSITION_GAP: ({ from, before }) => `a transition begins in ${say(from)}, and the session was ${say(before)}`,
  ENDING: ({ as, state, says }) =>
    `the workflow ${say(as)} and says ${say(says)}, and by its records it is ${say(state)}`,
  ATTEMPT_GAP: (data) => `${call(data)} follows attempt ${say(data.before)}`,
  INTENT_FOREIGN: (data) => `${call(data)} was intended by session ${say(data.of)}`,
  DECISION_MISSING: (data) => `${call(data)}: what rules said of it is not on record`,
  DISPATCH_MISSING: (data) => `${call(data)} has an answer, and no worker took it`,
  OUTCOME_MISSING: (data) => `${call(data)}: how it ended is not on record`,
  OUTCOME_UNSETTLED: (data) => `${call(data)} may have been sent and has no answer, and nobody is said to be asked`,
  CALL_OPEN: (data) => `${call(data)} is under way`,
  CALL_IN_DOUBT: (data) => `${call(data)} is in doubt: nobody has said how it ended`,
  CALL_REFUSED: (data) => `${call(data)} was refused`,
  CALL_DENIED: (data) => `${call(data)} was denied by rules`,
  CALL_NOT_BEGUN: (data) => `${call(data)} was never begun`,
  LEDGER: ({ what, counted, said }) =>
    `${say(what)}: the records come to ${say(counted)}, and ${say(said)} is on record`,
  LEDGER_NOT_CHECKED: ({ attempts }) => `the records do not tell what ${say(attempts)} attempts came to`,
  PROOF_MISSING: ({ kind, by, key }) =>
    `a ${say(kind)} of ${say(by)} stands as proven by key ${say(key)}, without its proof`,
  PROOF_DIGEST: ({ act, actor, isFound }) =>
    isFound === true
      ? `what ${say(actor)} signed for '${say(act)}' is not what the command says`
      : `the command that ${say(actor)} signed for '${say(act)}' is not there`,
  SIGNATURE_INVALID: ({ act, actor, key, namespace }) =>
    `the signature of '${say(act)}' by ${say(actor)} is not one of key ${say(key)} for namespace ${say(namespace)}`,
  SIGNATURE_NOT_CHECKED: ({ act, actor, list }) =>
    `the signature of '${say(act)}' by ${say(actor)} was not checked: its list of principals, ` +
    `${say(list).slice(0, 12)}, ` +
    'was not given (--principals)',
  DECISION_DIFFERS: (data) =>
    `${call(data)}: the rules on record say ${say(data.now)}, and ${say(data.then)} is on record`,
  DECISION_NOT_CHECKED: (data) => `${call(data)} was not decided again: ${say(data.why)}`,
  NO_SESSION: ({ type }) => `the history is of a ${say(type)}, and of no session`,
  CHECK_FAILED: ({ check, why }) => `the check of ${say(check)} could not be made: ${say(why)}`,
  REPLAY_DIFFERS: ({ why }) => `the workflow does something else than the history says: ${say(why)}`,
  REPLAY_NOT_CHECKED: ({ why }) => `not replayed: ${say(why)}`,
};

const HOW: { readonly [how: string]: string } = {
  recovered: 'from which it took its state over',
  continued: 'which went on as this one',
  next: 'as which it goes on',
  reset: 'of which it is a reset',
};
