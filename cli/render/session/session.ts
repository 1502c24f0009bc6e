import { type CallProgress, nameOf } from '../../../protocol/calls/call.ts';
import { formatUsd } from '../../../protocol/money/usd.ts';
import { ERRORS, isErrorCode } from '../../../protocol/errors.ts';
import type { StateName } from '../../../protocol/states.ts';
import { formatBytes } from '../../../protocol/values/size.ts';
import { listed } from '../../../protocol/values/text.ts';
import type { Sealing } from '../../../client/evidence/sealing.ts';
import type { SessionView } from '../../../protocol/view.ts';
import { printable } from '../../io/printable.ts';
import { moneyFacts } from './money.ts';
import { type Advice, adviceOn } from './advice.ts';
import { reviewFacts } from './reviews.ts';
import { sealingAdvice, sealingFacts } from './sealing.ts';
import { bold, dim, mark } from '../style.ts';
import { table } from '../table.ts';
import { distance } from '../time.ts';

const IN_WORDS: { readonly [state in StateName]: string } = {
  INIT: 'opens its servers and pins their tools',
  RUNNING: 'takes and makes calls',
  PAUSED: 'makes no new calls',
  RESUMING: 'opens its servers again and compares their tools with those pinned',
  ROLLBACK: 'undoes what it did',
  AUDIT: 'is checked and reviewed before it goes on or ends',
  COMPLETED: 'ended as it should',
  FAILED: 'ended without completing',
  TIMEOUT: 'ended at its deadline',
};

/**
 * `custody show` in words.
 * @param where options that the commands in it need beside their own, see `whereOf`
 * @param sealing how far it is sealed; null where nobody seals
 */
export function showSession(view: SessionView, where = '', sealing: Sealing | null = null): string {
  const helps = [...adviceOn(view), ...sealingAdvice(view.id, sealing)];
  return [head(view, sealing), calls(view), advice(helps, where)].filter((part) => part !== '').join('\n\n');
}

function head(view: SessionView, sealing: Sealing | null): string {
  const {
    id,
    state,
    cause,
    reason,
    code,
    agent,
    profile,
    labels,
    parent,
    startedAt,
    startedBy,
    runs,
    restarts,
    servers,
    plan,
    used,
    checkpoints,
    effects,
    rollback,
    agentState,
    agentLostAt,
    usage,
  } = view;
  const facts: [string, string][] = [
    ['state', `${mark(state)}${cause === null ? '' : ` (${cause})`}: ${IN_WORDS[state]}`],
    ...(reason ? [['reason', printable(reason)] satisfies [string, string]] : []),
    ...(code === null
      ? []
      : [['code', isErrorCode(code) ? `${code}: ${ERRORS[code].remedy}` : printable(code)] satisfies [string, string]]),
    ['agent', `${printable(agent.id)} ${printable(agent.version)}, profile ${printable(profile)}`],
    ...Object.entries(labels).map(
      ([name, value]) => ['label', `${printable(name)} = ${printable(value)}`] satisfies [string, string],
    ),
    ...(parent === null
      ? []
      : [['forked', `from checkpoint ${printable(parent.at)} of ${printable(parent.id)}`] satisfies [string, string]]),
    [
      'started',
      startedBy
        ? `${startedAt} by ${printable(startedBy.actor)} (${startedBy.standing})${why(startedBy.reason)}`
        : startedAt,
    ],
    ['deadline', deadline(view)],
    ['servers', servers.map(server).join(', ') || 'none open'],
    ...(plan === null ? [] : [['plan', `${plan.done} of ${plan.of} steps done`] satisfies [string, string]]),
    ...(checkpoints.length === 0
      ? []
      : [
          [
            'points',
            checkpoints
              .slice(-10)
              .map(
                ({ name, effects: until }) =>
                  `${printable(name)} (after ${until} ${until === 1 ? 'effect' : 'effects'})`,
              )
              .join(', '),
          ] satisfies [string, string],
        ]),
    ...(effects.made === 0
      ? []
      : [
          [
            'effects',
            `${effects.made} on record${effects.undone === 0 ? '' : `, ${effects.undone} undone`}`,
          ] satisfies [string, string],
        ]),
    ...(rollback === null
      ? []
      : [
          [
            'rollback',
            `to ${printable(rollback.to ?? 'the start')}: ${rollback.undone} undone, ${rollback.remaining} ` +
              `not to be undone, ${rollback.left} left`,
          ] satisfies [string, string],
        ]),
    [
      'calls',
      `${used.calls}${used.maxCalls === null ? '' : ` of ${used.maxCalls}`}, ` +
        `${formatBytes(used.bytes)}${used.maxBytes === null ? '' : ` of ${formatBytes(used.maxBytes)}`}` +
        (parent === null
          ? ''
          : `; ${parent.calls} and ${formatBytes(parent.bytes)} of these by ${printable(parent.id)}`),
    ],
    ...(usage.inputTokens + usage.outputTokens + usage.microUsd === 0
      ? []
      : [
          [
            'usage',
            `${usage.inputTokens} tokens in, ${usage.outputTokens} out, ${formatUsd(usage.microUsd)} USD, as ` +
              'agents recorded',
          ] satisfies [string, string],
        ]),
    ...moneyFacts(view.money),
    ...(agentState === null
      ? []
      : [
          [
            'saved',
            `${formatBytes(agentState.bytes)} of state by ${printable(agentState.actor)} (${agentState.standing}) at ` +
              agentState.at,
          ] satisfies [string, string],
        ]),
    ...(view.needsProof.length === 0
      ? []
      : [['proof', `needed to ${listed(view.needsProof)}`] satisfies [string, string]]),
    ...reviewFacts(view),
    ...refused(view),
    ...incidents(view),
    ...(agentLostAt === null ? [] : [['lost', `the agent, since ${agentLostAt}`] satisfies [string, string]]),
    ...sealingFacts(sealing),
    ['runs', `${runs}${restarts === 0 ? '' : `, ${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`}`],
  ];
  return [bold(printable(id)), ...facts.map(([name, value]) => `  ${dim(name.padEnd(9))} ${value}`)].join('\n');
}

const why = (reason: string): string => (reason === '' ? '' : `: ${printable(reason)}`);

function server({ name, protocolVersion, tools, leftOut = [], held }: SessionView['servers'][number]): string {
  const where = held
    ? `, ${held.worker === null ? 'held by no worker' : `on worker ${printable(held.worker)}`}, generation ` +
      `${held.generation}`
    : '';
  const odd = leftOut.map((tool) => `; not '${printable(tool.name)}': ${printable(tool.why)}`).join('');
  return `${printable(name)} (${tools} tools, MCP ${printable(protocolVersion)}${where}${odd})`;
}

function deadline({ deadlineAt, graceUntil, outcome }: SessionView): string {
  if (deadlineAt === null) return 'not known before the profile is loaded';
  if (outcome !== null) return deadlineAt;
  return (
    `${deadlineAt}, ` +
    `${distance(deadlineAt)}${graceUntil === null ? '' : `; grace until ${graceUntil}, ${distance(graceUntil)}`}`
  );
}

/** How far a call is, as its server says. */
function far(said: CallProgress | undefined): string {
  if (!said) return '';
  const { progress, total, message } = said;
  return `, ${progress}${total === undefined ? '' : ` of ${total}`}${message === undefined ? '' : `: ${message}`}`;
}

/** How often commands and calls were refused, and for what. */
function refused({ refusals: { total, codes } }: SessionView): [string, string][] {
  const most = Object.entries(codes).sort(([, a], [, b]) => b - a);
  return total === 0 ? [] : [['refused', `${total}: ${most.map(([code, times]) => `${code} ${times}`).join(', ')}`]];
}

/** How many incidents are open, and how many of the last were closed. */
function incidents({ incidents: all = [] }: SessionView): [string, string][] {
  const open = all.filter(({ closed }) => closed === null).length;
  return all.length === 0 ? [] : [['incidents', `${open} open, ${all.length - open} closed`]];
}

function calls({ calls: all, openCalls, olderCalls }: SessionView): string {
  if (all.length === 0) return '';
  const open = new Map(openCalls.map((call) => [call.callId, call]));
  const rows = all.map(({ callId, outcome, attempts, actor, undone, code = '', ...call }) => {
    const waiting = open.get(callId);
    const trouble = waiting?.trouble ? `${waiting.trouble.code}: ${waiting.trouble.message}` : code;
    return [
      callId,
      nameOf(call),
      outcome ? `${outcome}${undone ? ', undone' : ''}` : `${waiting?.phase ?? ''}${far(waiting?.progress)}`,
      String(attempts),
      actor,
      trouble,
    ];
  });
  return [
    ...(olderCalls > 0 ? [dim(`${olderCalls} older calls`)] : []),
    table(['CALL', 'TOOL', 'OUTCOME', 'ATTEMPTS', 'ACTOR (claimed)', 'TROUBLE'], rows),
  ].join('\n');
}

const advice = (helps: readonly Advice[], where: string): string =>
  helps
    .map(({ what, commands }) => [what, ...commands.map((command) => `  $ ${command}${where}`)].join('\n'))
    .join('\n');
