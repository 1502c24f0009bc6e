import { nameOf } from '../../protocol/calls/call.ts';
import type { OrderAct } from '../../protocol/evidence/orders.ts';
import { isVerdict } from '../../protocol/identity/proof.ts';
import { isObject, type Json } from '../../protocol/values/json.ts';
import type { AuditKinds, ReadKinds } from '../read/record.ts';
import { outcomeText } from './outcomes.ts';
import { shorten, sizeOf } from './shorten.ts';

/** What history says without a record of its own, in words. */
export const READ: { readonly [K in keyof ReadKinds]: (data: AuditKinds[K]) => string } = {
  started({ as, input }) {
    const { fork, spec: given, by } = isObject(input) ? input : {};
    if (as === 'invalid') return 'with an input that is no session';
    if (as === 'recovery') return 'to go on from the last good run';
    if (as === 'fork' && isObject(fork)) return `from checkpoint ${String(fork.at)} of ${String(fork.parent)}`;
    const spec = isObject(given) ? given : {};
    const agent = isObject(spec.agent) ? `${String(spec.agent.id)}@${String(spec.agent.version)}` : '?';
    const why = isObject(by) && by.reason ? `: ${String(by.reason)}` : '';
    const servers = Array.isArray(spec.servers) ? spec.servers.join(', ') : '?';
    return `agent ${agent}, profile ${String(spec.profile)}, servers ${servers}${why}`;
  },
  continued: ({ runs }) => `in run ${runs}`,
  ended({ as, code, message }) {
    if (as === 'completed') return 'COMPLETED';
    if (as === 'failed') return `${code}: ${message}`;
    return as === 'terminated' ? `terminated in Temporal: ${message}` : `${as.replace('-', ' ')} in Temporal`;
  },
  command: ({ name, via, input }) =>
    via === 'temporal' ? `${name} requested in Temporal` : shorten(`${name} (${via})${detailsOf(input)}`, 300),
  attempt(intent) {
    const again = intent.attempt > 1 ? `, attempt ${intent.attempt}` : '';
    const args = intent.argsRef ? sizeOf(intent.argsRef) : shorten(JSON.stringify(intent.args), 100);
    return `${nameOf(intent)} ${args} (${intent.effect}${again})`;
  },
  outcome: ({ name, outcome, lost }) => `${name}: ${outcome ? outcomeText(outcome) : lostText(lost)}`,
  recall({ isAnswered, outcome }) {
    if (!isAnswered) return 'no answer from the worker';
    return outcome ? `the worker knows: ${outcomeText(outcome)}` : 'the worker knows of no outcome';
  },
  proof({ check, said }) {
    const { act = '?', key = '?', vouched } = isObject(check) ? check : {};
    return `${String(act)} with key ${String(key)}${vouchedText(vouched)}: ${verdictText(said)}`;
  },
  pinned: ({ profile }) => `profile ${profile}, as the operator's file has it`,
  opened({ server, opened }) {
    const { tools } = isObject(opened) && isObject(opened.pin) ? opened.pin : {};
    return `${server}, ${isObject(tools) ? Object.keys(tools).length : 0} tools`;
  },
  refused: ({ command, code, message }) => `${command}: ${code}: ${message}`,
  evidence: ({ act, order }) => `${DONE[act]}${order.early === true ? ' before its time' : ''}: ${order.reason}`,
};

const DONE: { readonly [act in OrderAct]: string } = {
  erase: 'contents erased',
  hold: 'held back from erasure',
  release: 'may be erased again',
};

function detailsOf(input: Json): string {
  const fields = Object.entries(isObject(input) ? input : {})
    .filter(([key]) => key !== 'actor' && key !== 'commandId' && key !== 'proof')
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return fields.length > 0 ? ` ${fields.join(', ')}` : '';
}

function lostText(lost: AuditKinds['outcome']['lost']): string {
  if (lost?.as === 'canceled') return 'cancelled before it was sent';
  if (lost?.as === 'timed-out') return `the worker fell silent (${lost.message ?? 'timeout'})`;
  return lost?.message ?? 'no outcome';
}

/** Of one who signs for somebody else. */
function vouchedText(vouched: unknown): string {
  if (!isObject(vouched)) return '';
  const { issuer, token } = vouched;
  return `, whose holder vouches for it by token ${String(token)} of ${String(issuer)}`;
}

function verdictText(said: Json): string {
  if (!isVerdict(said)) return 'no answer';
  if (!said.ok) return `${said.refusal.code}: ${said.refusal.message}`;
  const { person, roles, list } = said.proven;
  return `${person}, ${roles.join(', ')}, by list ${list.slice(0, 12)}`;
}
