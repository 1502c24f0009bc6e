import type { CallToolResult } from '@modelcontextprotocol/server';
import { nameOf } from '../../../protocol/calls/call.ts';
import type { RecentCall } from '../../../client/index.ts';
import type { SessionView, OpenCallView } from '../../../protocol/view.ts';
import { whatIsAsked } from '../../../session/approvals/subject.ts';
import { askedInWords } from './asked.ts';
import { argumentsOf, recentInWords } from './recent.ts';

/** Calls that were made, the last ones, that are listed. */
export const RECENT = 10;

/** How a session stands, and what was called last, in words and as data. */
export function toStatus({ view, calls }: { view: SessionView; calls: readonly RecentCall[] }): CallToolResult {
  const { id, state, cause, reason, code, deadlineAt, servers, checkpoints, openCalls, approvals } = view;
  const names = checkpoints.map(({ name }) => name);
  const lines = [
    `Session ${id} is ${state}${cause === null ? '' : ` (${cause})`}${reason ? `: ${reason}` : ''}`,
    ...(code === null ? [] : [`Code: ${code}`]),
    ...(deadlineAt === null ? [] : [`Deadline: ${deadlineAt}`]),
    `Servers: ${servers.map(({ name, tools }) => `${name} (${tools} tools)`).join(', ') || 'none open'}`,
    ...servers.flatMap(({ name, leftOut = [] }) =>
      leftOut.map((tool) => `Not to be called: ${name}.${tool.name}, as ${tool.why}`),
    ),
    ...(names.length > 0 ? [`Checkpoints: ${names.join(', ')}`] : []),
    openCalls.length === 0 ? 'No call waits for its answer.' : 'Calls without an answer:',
    ...openCalls.map(inWords),
    ...approvals.map((approval) => `People are asked for the ${askedInWords(approval)}`),
    ...(calls.length === 0 ? [] : ['The last calls, oldest first:', ...calls.map(recentInWords)]),
  ];
  const open = openCalls.map(({ callId, server, tool, phase }) => ({ callId, server, tool, phase }));
  const recentCalls = calls.map((call) => {
    const { callId, server, tool, outcome, endedAt = null, undone = false } = call;
    return { callId, server, tool, arguments: argumentsOf(call), outcome, endedAt, undone };
  });
  return {
    content: [{ type: 'text', text: lines.join('\n') }],
    structuredContent: {
      id,
      state,
      cause,
      reason,
      code,
      deadlineAt,
      checkpoints: names,
      openCalls: open,
      recentCalls,
      approvals: approvals.map(({ subject, persons, votes, expiresAt }) => ({
        callId: subject.kind === 'call' ? subject.callId : null,
        what: whatIsAsked(subject),
        persons,
        approved: votes.length,
        until: expiresAt,
      })),
    },
  };
}

function inWords({ phase, trouble, asks, ...call }: OpenCallView): string {
  const why = trouble ? ` (${trouble.code}: ${trouble.message})` : '';
  const asked = asks ? ` (its server asks: ${asks.map(({ message }) => message).join(' / ')})` : '';
  return `- ${call.callId}: ${nameOf(call)}, ${phase}${why}${asked}`;
}
