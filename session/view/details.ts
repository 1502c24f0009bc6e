import { RESERVED_ACTORS } from '../../protocol/by.ts';
import { openOf } from '../../protocol/calls/asks.ts';
import { nameOf } from '../../protocol/calls/call.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { type OpenCall, troubleOf } from '../calls/state.ts';
import type { Paused } from '../lifecycle/states.ts';
import { askedReviews } from '../reviews/asked.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';
import { shellWord } from '../../protocol/values/shell.ts';
import { beginningOf } from './beginning.ts';
import { code, plain } from './markdown.ts';
import { pendingOf } from './pending.ts';
import { rollbackOf } from './view.ts';

/** Calls that ended, and open ones, that are shown. */
const ENDED = 5;
const OPEN = 10;
const CHECKPOINTS = 5;
/** Of all lines of calls; Temporal takes 20,000 for all details. */
const BYTES = 5_000;

/** Two empty lines: the UI (2.42) takes the frame of the details for 30 pixels lower than they are. */
const ROOM = '\u00a0  \n\u00a0';

/** What the Temporal UI shows of a session: its state, cause and last calls, in Markdown. */
export const detailsOf = (session: Session): string =>
  [
    statusOf(session).join('  \n'),
    callsOf(session).join('\n'),
    // The run after this one has no details of its start: Temporal does not hand them on.
    beginningOf(session.spec, session.startedBy),
    ROOM,
  ]
    .filter(Boolean)
    .join('\n\n');

/** The same in plain lines, for where no Markdown is rendered. */
export const linesOf = (session: Session): readonly string[] =>
  detailsOf(session)
    .trim()
    .split(/\s*\n/)
    .map((line) => line.replaceAll('**', '').replace(/\\(.)/g, '$1'));

function statusOf(session: Session): readonly string[] {
  const { state, agent, checkpoints, plan, spec } = session;
  const cause = state.name === 'PAUSED' ? ` (${state.cause})` : '';
  const lines = [`**${state.name}**${cause}${'reason' in state ? `: ${plain(state.reason)}` : ''}`];
  if (state.name === 'PAUSED') lines.push(`paused by ${plain(state.by)}${standing(state)} since ${iso(state.since)}`);
  lines.push(...deadlineOf(session));
  if (agent.lostAt !== null) lines.push(`the agent is **lost** since ${iso(agent.lostAt)}`);
  lines.push(...undoingOf(session));
  if (checkpoints.length > 0) {
    const names = checkpoints.slice(-CHECKPOINTS).map(({ name }) => plain(name));
    lines.push(`checkpoints: ${names.join(', ')}`);
  }
  if (plan) lines.push(`plan: ${plan.cursor} of ${spec.plan?.length ?? 0} steps done`);
  lines.push(...reviewsOf(session), ...nextOf(session));
  return lines;
}

const standing = ({ by, isProven }: Paused): string =>
  RESERVED_ACTORS.includes(by) ? '' : isProven ? ' (proven)' : ' (claimed)';

/** The command that the session as a whole waits for; those of its calls stand with them. */
function nextOf(session: Session): readonly string[] {
  const id = shellWord(session.id);
  const commands = {
    resume: `resume ${id}`,
    recover: `recover ${id}`,
    extend: `extend ${id} --by 1h`,
    topUp: `top-up ${id} --by USD`,
  };
  return pendingOf(session).flatMap((name) =>
    name === 'resolve' || name === 'respond' || name === 'approve' || name === 'review' || name === 'closeIncident'
      ? []
      : [`next: ${code(`custody ${commands[name]} --reason "why"`)}`],
  );
}

/** What persons are asked to review, as nothing else on the page tells it. */
function reviewsOf(session: Session): readonly string[] {
  return askedReviews(session).map(({ id, subject, expiresAt, isOverdue, why }) => {
    const which = shellWord(`${session.id}/${id}`);
    const late = isOverdue ? ', **late**' : '';
    const command = code(`custody reviews done ${which} --finding "what you found"`);
    return `waits for the **${subject.review} review** ${id}, due ${iso(expiresAt)}${late}: ${plain(why)}; ${command}`;
  });
}

function deadlineOf({ governance, clock }: Session): readonly string[] {
  if (!governance) return [];
  const grace = clock.graceUntil === null ? '' : `, **passed**; ends ${iso(clock.graceUntil)} unless extended`;
  return [`deadline ${iso(clock.deadlineAt)}${grace}`];
}

function undoingOf(session: Session): readonly string[] {
  const rollback = rollbackOf(session);
  if (!rollback) return [];
  const { undone, remaining, left } = rollback;
  const where = plain(rollback.to ?? 'the start');
  return [`to ${where}: ${undone} undone, ${remaining} not to be undone, ${left} left`];
}

function callsOf({ id, ended, open }: Session): readonly string[] {
  const nameIn = (call: Parameters<typeof nameOf>[0] & { readonly callId: string }): string =>
    `${plain(nameOf(call))} ${code(call.callId)}`;
  const lines = [
    ...ended.slice(-ENDED).map((call) => {
      const attempts = call.attempts > 1 ? `, ${call.attempts} attempts` : '';
      return `- ${nameIn(call)}: ${call.outcome}${call.undone ? ', undone' : ''}${attempts}`;
    }),
    ...open.slice(0, OPEN).map((call) => `- ${nameIn(call)}: **${call.phase}**${remark(id, call)}`),
  ];
  let bytes = 0;
  return lines.filter((line) => (bytes += byteLength(line) + 1) <= BYTES);
}

/** Why an open call is where it is, and the command that helps. */
function remark(id: string, call: OpenCall): string {
  const trouble = troubleOf(call);
  const why = trouble ? ` (${plain(trouble.message)})` : '';
  switch (call.phase) {
    case 'awaiting_input': {
      const asked = plain(
        openOf(call.asks)
          .map(({ message }) => message)
          .join(' / '),
      );
      return ` (the server asks: ${asked}); the form, and how to answer: ${code(`custody show ${shellWord(id)}`)}`;
    }
    case 'awaiting_approval': {
      const command = code(`custody approvals show ${shellWord(`${id}/${call.approval}`)}`);
      return `; what it would do, and how to decide: ${command}`;
    }
    case 'in_doubt': {
      const which = `${shellWord(id)} ${shellWord(call.callId)}`;
      const command = code(`custody resolve ${which} --as succeeded --reason "how you know"`);
      return `${why}; look whether it took effect, then ${command}, or failed, or retry`;
    }
    default:
      return why;
  }
}
