import { nameOf } from '../../protocol/calls/call.ts';
import { type OpenCall, troubleOf } from '../calls/state.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';
import { rollbackOf } from './view.ts';

/** Calls that ended, and open ones, that are shown. */
const ENDED = 5;
const OPEN = 10;
const CHECKPOINTS = 5;

/** What the Temporal UI shows of a session: its state, cause and last calls, in Markdown. */
export const detailsOf = (session: Session): string =>
  [statusOf(session).join('  \n'), callsOf(session).join('\n')].filter(Boolean).join('\n\n');

function statusOf(session: Session): readonly string[] {
  const { state, agent, checkpoints, plan, spec } = session;
  const cause = state.name === 'PAUSED' ? ` (${state.cause})` : '';
  const lines = [`**${state.name}**${cause}${'reason' in state ? `: ${plain(state.reason)}` : ''}`];
  if (state.name === 'PAUSED') lines.push(`paused by ${plain(state.by)} since ${iso(state.since)}`);
  lines.push(...deadlineOf(session));
  if (agent.lostAt !== null) lines.push(`the agent is **lost** since ${iso(agent.lostAt)}`);
  lines.push(...undoingOf(session));
  if (checkpoints.length > 0) {
    const names = checkpoints.slice(-CHECKPOINTS).map(({ name }) => plain(name));
    lines.push(`checkpoints: ${names.join(', ')}`);
  }
  if (plan) lines.push(`plan: ${plan.cursor} of ${spec.plan?.length ?? 0} steps done`);
  return lines;
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

function callsOf({ ended, open }: Session): readonly string[] {
  const nameIn = (call: Parameters<typeof nameOf>[0] & { readonly callId: string }): string =>
    `${plain(nameOf(call))} \`${plain(call.callId)}\``;
  return [
    ...ended.slice(-ENDED).map((call) => {
      const attempts = call.attempts > 1 ? `, ${call.attempts} attempts` : '';
      return `- ${nameIn(call)}: ${call.outcome}${attempts}`;
    }),
    ...open.slice(0, OPEN).map((call) => `- ${nameIn(call)}: **${call.phase}**${remark(call)}`),
  ];
}

/** Why an open call is where it is. */
function remark(call: OpenCall): string {
  if (call.phase === 'awaiting_input') {
    const asked = plain(call.asks.forms.map(({ message }) => message).join(' / '));
    return ` (the server asks: ${asked}; answer with \`custody respond\`)`;
  }
  const trouble = troubleOf(call);
  return trouble ? ` (${plain(trouble.message)})` : '';
}

/** Text from outside, made harmless for Markdown. */
const plain = (text: string): string => text.replace(/[\\`*_{}[\]<>#|\n\r]/g, ' ').slice(0, 300);
