import { nameOf } from '../../../protocol/calls/call.ts';
import { formatUsd, usdText } from '../../../protocol/money/usd.ts';
import type { SessionView } from '../../../protocol/view.ts';
import { whatIsAsked } from '../../../session/approvals/subject.ts';
import { printable } from '../../io/printable.ts';
import { shellWord } from '../../io/shell.ts';
import { sampleOf, showForm } from '../form.ts';
import { doing, whyOf } from '../reviews/list.ts';
import { distance } from '../time.ts';

/** What somebody has to do for a session, and the command line for it. */
export interface Advice {
  readonly what: string;
  readonly commands: readonly string[];
}

/** What waits for whom. Nothing for a session that goes on by itself. */
export function adviceOn(view: SessionView): readonly Advice[] {
  return view.outcome === null
    ? [
        ...callsInDoubt(view),
        ...questions(view),
        ...approvals(view),
        ...reviews(view),
        ...incidents(view),
        ...deadline(view),
        ...pause(view),
        ...idle(view),
      ]
    : [];
}

const callsInDoubt = ({ id, openCalls }: SessionView): Advice[] =>
  openCalls
    .filter(({ phase }) => phase === 'in_doubt')
    .map(({ callId, server, tool }) => ({
      what:
        `The call ${printable(callId)} of ${printable(server)}.${printable(tool)} was sent and no answer is ` +
        'known. Look whether it took effect, then say so:',
      commands: ['succeeded', 'failed', 'retry'].map(
        (how) => `custody resolve ${shellWord(id)} ${shellWord(callId)} --as ${how} --reason "how you know"`,
      ),
    }));

/** The words are the server's. */
const questions = ({ id, openCalls }: SessionView): Advice[] =>
  openCalls.flatMap((call) => {
    const { callId, asks } = call;
    if (!asks) return [];
    const command = `custody respond ${shellWord(id)} ${shellWord(callId)}`;
    const [only, ...others] = asks;
    const sample =
      only && others.length === 0 ? sampleOf(only) : Object.fromEntries(asks.map((form) => [form.key, sampleOf(form)]));
    return [
      {
        what: [
          `The call ${printable(callId)} of ${printable(nameOf(call))} waits, as its server asks:`,
          ...asks.map(showForm),
        ].join('\n'),
        commands: [`${command} --with ${shellWord(JSON.stringify(sample))}`, `${command} --decline`],
      },
    ];
  });

const approvals = ({ id, approvals: asked }: SessionView): Advice[] =>
  asked.map(({ id: approval, subject, requester, persons, votes, expiresAt }) => ({
    what:
      `${printable(whatIsAsked(subject))} waits for approval, ${votes.length} of ${persons}, until ` +
      `${distance(expiresAt)}; ${printable(requester)} wants it, so others decide:`,
    commands: [`custody approvals show ${shellWord(`${id}/${approval}`)}`],
  }));

/** A view of before there were reviews has none. */
const reviews = ({ id, reviews: known }: SessionView): Advice[] =>
  (known?.open ?? []).map((each) => ({
    what:
      `The ${each.review} review waits for ${each.persons === 1 ? 'a person' : `${each.persons} persons`}, due ` +
      `${distance(each.dueAt)}${each.isOverdue ? ', late' : ''} (${printable(whyOf(each))}). Not who drove the ` +
      'session; others say what they found:',
    commands: [doing(id, each.id)],
  }));

/** Open incidents that are named; `custody incidents` has all. */
const INCIDENTS = 5;

const incidents = ({ id, incidents: all }: SessionView): Advice[] =>
  all
    .filter(({ closed }) => closed === null)
    .slice(0, INCIDENTS)
    .map(({ id: incident, severity, text, done }) => ({
      what: `Incident ${incident} (${severity}): ${printable(text)}; ${printable(done)}. Look at it, then close it:`,
      commands: [`custody incidents close ${shellWord(id)} ${incident} --reason "what came of it"`],
    }));

const deadline = ({ id, graceUntil }: SessionView): Advice[] =>
  graceUntil === null
    ? []
    : [
        {
          what: `The deadline has passed. The session ends ${distance(graceUntil)} unless it is extended:`,
          commands: [`custody extend ${shellWord(id)} --by 1h --reason "why"`],
        },
      ];

function pause({ id, state, cause, reason, openCalls, resetAt, graceUntil, money }: SessionView): Advice[] {
  const missing = money?.missing;
  if (resetAt !== null)
    return [
      {
        what:
          'The session was reset in Temporal: this run of it does not know all that it did. Bring the newer ' +
          'state back, or end it:',
        commands: [`custody recover ${shellWord(id)} --reason "why"`, `custody cancel ${shellWord(id)} --reason "why"`],
      },
    ];
  // Past its deadline it is extended first: a resume is refused.
  if (state !== 'PAUSED' || graceUntil !== null) return [];
  const queued = openCalls.filter(({ phase }) => phase === 'queued').length;
  const waiting = queued === 0 ? '' : ` ${queued === 1 ? '1 call waits' : `${queued} calls wait`} for it.`;
  if (cause === 'budget' && missing)
    return [
      {
        what: `The budget does not pay for what comes next. Add what is missing, or more:${waiting}`,
        commands: [`custody top-up ${shellWord(id)} --by ${formatUsd(missing.microUsd)} --reason "why"`],
      },
    ];
  const commands = [`custody resume ${shellWord(id)} --reason "why"`];
  const short = money?.shared?.find((each) => each.missing !== null);
  if (cause === 'budget' && short)
    return [
      {
        what:
          `The shared budget ${printable(short.budget)} does not pay for what comes next: ` +
          `${usdText(short.missing ?? 0)} are missing. Set its limit, or wait for its next period. Then resume:` +
          waiting,
        commands: [`custody budget set ${shellWord(short.budget)} --limit USD --reason "why"`, ...commands],
      },
    ];
  if (/^(CALL|BYTE)_LIMIT/.test(reason ?? ''))
    return [
      {
        what: `The session has reached a limit of its profile. Raise it there, then take it:${waiting}`,
        commands: [`custody resume ${shellWord(id)} --accept-changes --reason "why"`],
      },
    ];
  if (cause === 'incident' && /changed/i.test(reason ?? ''))
    commands.push(`custody resume ${shellWord(id)} --accept-changes --reason "what was reviewed"`);
  return [{ what: `No new call starts until the session is resumed.${waiting}`, commands }];
}

const idle = ({ id, state, plan, openCalls }: SessionView): Advice[] =>
  state === 'RUNNING' && openCalls.length === 0 && (plan === null || plan.done === plan.of)
    ? [
        {
          what: 'The session waits for calls, or for its end:',
          commands: [`custody call ${shellWord(id)} SERVER.TOOL --args '{}'`, `custody complete ${shellWord(id)}`],
        },
      ]
    : [];
