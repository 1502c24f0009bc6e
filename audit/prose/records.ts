import type { RecordBody, RecordKind, RecordKinds } from '../../protocol/records.ts';
import { usdText } from '../../protocol/money/usd.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import type { ReviewFinding, ReviewMode } from '../../protocol/reviews/reviews.ts';
import { counted, quote } from '../../protocol/values/text.ts';
import { shortened } from '../../session/undo/log.ts';
import { reported } from './reported.ts';

/** Of a text that a server wrote, so much is shown. */
const SHOWN = 500;

const iso = (instant: number): string => new Date(instant).toISOString();
const because = (reason: string | null): string => (reason === null ? '' : `: ${reason}`);

/** A record in words. Made where it is shown, and never stored. */
export const proseOf = ({ kind, data }: RecordBody): string => (SENTENCES[kind] as (data: unknown) => string)(data);

const trouble = ({ callId, code, message }: RecordKinds['in-doubt']): string => `${callId}: ${code}: ${message}`;
const response = ({ callId, actions, reason }: RecordKinds['responded']): string =>
  `${callId}: ${actions.join(', ') || 'nothing was asked'}: ${reason}`;
const judged = ({ callId, rules, message }: RecordKinds['denied']): string =>
  `${callId}: ${message}${rules.length === 0 ? '' : ` (${rules.join(', ')})`}`;
const text = (data: { readonly text: string }): string => data.text;

const WHO: { readonly [how in ReviewMode]: string } = {
  rules: 'rules',
  findings: 'rules, and a person where they find something',
  person: 'a person',
};
const found = (findings: readonly ReviewFinding[]): string =>
  findings.map(({ rule, text: said }) => `; ${rule}: ${said}`).join('');

const told = ({ text: said, usage }: RecordKinds['usage']): string => {
  if (!usage) return said;
  const { model, inputTokens, outputTokens, microUsd } = usage;
  return `${said} (${model}: ${inputTokens} tokens in, ${outputTokens} out, ${microUsd} micro-USD)`;
};

const SENTENCES: { readonly [K in RecordKind]: (data: RecordKinds[K]) => string } = {
  governance: ({ profileHash, deadlineAt, policy, principals, reason = null }) => {
    const under = [`profile ${profileHash.slice(0, 12)}`];
    if (policy !== undefined) under.push(`rules ${policy.slice(0, 12)}`);
    under.push(`deadline ${iso(deadlineAt)}`);
    if (principals !== undefined) under.push(`principals ${principals.slice(0, 12)}`);
    return `${under.join(', ')}${because(reason)}`;
  },
  transition: ({ from, to, cause, reason }) => `${from} -> ${to}${cause === undefined ? '' : ` (${cause})`}: ${reason}`,
  'deadline-warning': ({ deadlineAt }) => `the deadline is ${iso(deadlineAt)}`,
  deadline: ({ why, graceUntil }) =>
    `${why === 'idle' ? 'idle for too long' : 'deadline reached'}; grace until ${iso(graceUntil)}`,
  extended: ({ ms, deadlineAt, reason }) => `by ${formatDuration(ms)} to ${iso(deadlineAt)}: ${reason}`,
  'deadline-shifted': ({ ms, deadlineAt }) => `by ${formatDuration(ms)} of paused time to ${iso(deadlineAt)}`,
  'tools-left-out': ({ server, tools }) =>
    `${server} lists what cannot be called: ${tools.map(({ name, why }) => `${quote(name)} (${why})`).join(', ')}`,
  'server-lost': ({ server, why }) => `${server}: ${why}`,
  'server-reopened': ({ server, worker, generation, why }) =>
    `${server} opened again on worker ${worker}, generation ${generation}: ${why}`,
  checkpoint: ({ name, effects }) => `${name}, after ${effects} ${effects === 1 ? 'effect' : 'effects'}`,
  'rollback-begun': ({ to }) => `to ${to ?? 'the start'}`,
  attached: ({ reason }) => `an agent attached to the session${because(reason)}`,
  'state-saved': ({ bytes, sha256, reason }) => {
    const hash = sha256 === null ? '' : `, SHA-256 ${sha256.slice(0, 16)}…`;
    return `the agent saved its state, ${bytes} bytes${hash}${because(reason)}`;
  },
  'agent-back': () => 'the agent gave a sign again',
  forked: ({ parent, at, reason, agent, profile, servers }) =>
    `from checkpoint ${at} of ${parent}: ${reason}; agent ${agent}, profile ${profile}, servers ${servers.join(', ')}`,
  'forked-into': ({ fork, at, reason }) => `into ${fork} at checkpoint ${at}: ${reason}`,
  notify: text,
  'cancel-kept': () => 'cancelled in Temporal during a rollback: the session is cancelled after it',
  'attempt-repeated': trouble,
  asks: ({ callId, messages }) => `${callId}: ${messages.join(' / ').slice(0, SHOWN)}`,
  responded: response,
  'ask-withdrawn': response,
  'call-refused': ({ callId, message }) => `${callId}: ${message}`,
  decision: told,
  'api-request': told,
  usage: told,
  'changes-accepted': ({ names }) => names.join(', '),
  'in-doubt': trouble,
  denied: judged,
  'would-deny': judged,
  'ask-refused': ({ callId, methods }) => `${callId}: the server wanted ${methods.join(', ')} of its client`,
  'approval-asked': ({ approval, what, why, persons, expiresAt }) =>
    `${approval}: ${what}, by ${persons === 1 ? '1 person' : `${persons} persons`} until ${iso(expiresAt)}: ${why}`,
  approved: ({ approval, reason, votes, persons }) => `${approval} (${votes} of ${persons}): ${reason}`,
  'approval-ended': ({ approval, as, reason }) => `${approval} ${as}: ${reason}`,
  resolved: ({ callId, as, reason }) => `${callId} as ${as}: ${reason}`,
  restart: (data) => (data.of === 'agent' ? data.text : restart(data)),
  audit: text,
  runaway: text,
  limit: text,
  budget: text,
  'cost-alert': text,
  'topped-up': ({ microUsd, limit, reason }) => `by ${usdText(microUsd)} to ${usdText(limit)}: ${reason}`,
  overrun: ({ callId, cost, excess }) =>
    `${callId} cost ${usdText(cost)}, ${usdText(excess)} more than it could by its limits`,
  incident: ({ incident, severity, text: said, done }) => `${incident} (${severity}): ${said}; ${done}`,
  'incident-closed': ({ incident, times, reason }) =>
    `${incident}${times === 1 ? '' : `, seen ${times} times`}: ${reason}`,
  'check-due': ({ duty }) => duty,
  checked: ({ duties }) => duties.join(', ') || 'session',
  'review-due': ({ cause, how }) => `extra, by ${WHO[how]}: ${cause}`,
  'review-asked': ({ review, approval, why, findings, persons, dueAt }) =>
    `${approval}: ${review} review by ${counted(persons, 'person')}, due ${iso(dueAt)}: ${why}${found(findings)}`,
  reviewed: (data) => {
    const of = `${data.review}${data.causes.length === 0 ? '' : ` (${data.causes.join(', ')})`}`;
    if ('rules' in data)
      return `${of} by ${counted(data.rules.length, 'rule')}: ${data.verdict}${found(data.findings)}`;
    const { approval, votes, persons, verdict, finding } = data;
    return `${of} ${approval} (${votes} of ${persons}): ${verdict}: ${finding}`;
  },
  undone: ({ what, how }) => `${what}: ${how}`,
  'not-undone': ({ what, why }) => `${what}: ${why}`,
  rollback: ({ undone, remaining, shown }) => {
    const done = undone > 0 ? `${undone} undone` : undefined;
    const rest = remaining > 0 ? `not undone: ${shortened(shown, remaining)}` : undefined;
    return [done, rest].filter(Boolean).join('; ') || 'nothing to undo';
  },
  refused: ({ command, code, message }) => `${command}: ${code}: ${message}`,
  report: reported,
  reset: () => 'the session was reset in Temporal: what it did after this point is not known to this run',
  recovered: ({ from, reason }) => `goes on from run ${from}: ${reason}`,
};

function restart({ worker, lost, callId }: Extract<RecordKinds['restart'], { of: 'worker' }>): string {
  const who = worker ?? 'a worker';
  if (callId !== null) return `${who} ${lost ? 'was lost with' : 'restarted before'} an attempt of ${callId}`;
  return lost ? `${who} was lost with a server that it held` : `${who} restarted before its servers were opened again`;
}
