import { CUSTODY } from '../../protocol/by.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Governance } from '../../protocol/governance.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { voidApprovals } from '../approvals/due.ts';
import { giveUp } from '../calls/endings.ts';
import type { OpenCall } from '../calls/state.ts';
import { countCall, NO_COUNTS } from '../capacity/counts.ts';
import { passedLimit, stopAtLimit } from '../capacity/limits.ts';
import { accept, type Decision, move, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import { evolveAll } from '../evolve.ts';
import type { FactOf } from '../facts.ts';
import { pinNotices } from '../notices/pin.ts';
import type { StateOf } from '../lifecycle/states.ts';
import { holdsBack } from '../reviews/asked.ts';
import type { Session } from '../session.ts';
import { differsFrom } from '../incidents/seen.ts';
import { bindingOf, type HeldLease } from './binding.ts';
import { bind } from './bind.ts';
import { changed, differ } from './differences.ts';

const DAY = 24 * 60 * 60 * 1000;

type Opened = FactOf<'opened'>;

/** All servers are open: INIT pins what they are, RESUMING compares them with what was pinned. */
export function opened(session: Session, fact: Opened, now: number): Decision {
  const { state } = session;
  const refusal = tooMany(fact);
  if (refusal) return openFailed(session, { ...fact, type: 'openFailed', refusal }, now);
  if (state.name === 'INIT') return accept(...begun(session, state, fact, now));
  if (state.name === 'RESUMING') return accept(...holders(session, fact), ...resumed(session, state, fact, now));
  return refuse('ILLEGAL_IN_STATE', `Servers were opened for a session in ${state.name}.`);
}

/** More than a session can pin. */
function tooMany({ servers }: Opened): Refusal | undefined {
  const code = 'TOO_MANY_TOOLS';
  const tools = Object.values(servers).reduce((sum, pin) => sum + Object.keys(pin.tools).length, 0);
  if (tools > LIMITS.sessionTools) {
    const message = `The servers list ${tools} tools together, and a session can pin ${LIMITS.sessionTools}.`;
    return { code, message };
  }
  const bytes = byteLength(JSON.stringify(servers));
  if (bytes <= LIMITS.pinBytes) return undefined;
  return { code, message: `The pins of the tools take ${bytes} bytes, and a session carries ${LIMITS.pinBytes}.` };
}

function begun(session: Session, state: StateOf<'INIT'>, fact: Opened, now: number): readonly Event[] {
  const { governance, profileHash, policy = null, servers, starter, money, budgets } = fact;
  const names = Object.keys(servers).join(', ') || 'none';
  const { startedAt, startedBy } = session;
  const by = startedBy && { startedBy: starter ? { ...startedBy, proven: starter } : startedBy };
  const deadlineAt = startedAt + governance.session.timeout;
  const events: readonly Event[] = [
    ...pinNotices(session, fact),
    {
      type: 'opened',
      governance,
      profileHash,
      policy,
      deadlineAt,
      ...principalsOf(fact),
      ...by,
      ...(money ? { money } : {}),
      ...(budgets ? { budgets } : {}),
    },
    { type: 'pinned', servers, accepted: [], at: now },
    ...leftOut(session, fact),
    ...holders(session, fact),
    move(state, { name: 'RUNNING' }, CUSTODY, `servers open, tools pinned: ${names}`),
  ];
  return [...events, ...refuseBeyondLimits(evolveAll(session, events), governance, now)];
}

function resumed(session: Session, state: StateOf<'RESUMING'>, fact: Opened, now: number): readonly Event[] {
  const { governance, duties, startedAt, checkedOver24h, clock } = session;
  const accepted = differ(session, fact);
  if (accepted.length > 0 && !state.acceptChanges) {
    const reason = changed(accepted);
    const paused = { ...state.paused, cause: 'incident', reason, by: CUSTODY, since: now } as const;
    return [...differsFrom(session, accepted), move(state, paused, CUSTODY, reason)];
  }
  const events: Event[] = [...pinNotices(session, fact)];
  if (accepted.length > 0) {
    const { governance: under, profileHash, policy = null } = fact;
    const { deadlineAt } = clock;
    events.push({
      type: 'opened',
      governance: under,
      profileHash,
      policy,
      deadlineAt,
      ...principalsOf(fact),
    });
  }
  events.push({ type: 'pinned', servers: fact.servers, accepted, at: now }, ...leftOut(session, fact));
  events.push(...voidApprovals(evolveAll(session, events), now));
  const after = evolveAll(session, events);
  if (after.governance?.reviews) {
    if (!holdsBack(after))
      return [...events, move(state, { name: 'RUNNING' }, CUSTODY, 'servers open, tools as pinned')];
    const due = 'an extra review is due before work goes on';
    return [...events, move(state, { name: 'AUDIT', then: { name: 'RUNNING' } }, CUSTODY, due)];
  }
  const tooOld = governance?.session.complianceCheck === true && now - startedAt >= DAY && !checkedOver24h;
  if (tooOld) events.push({ type: 'dutyOpened', duty: { kind: 'over-24h', since: now } });
  if (tooOld || duties.length > 0) {
    const reason = 'a compliance check is due before work goes on';
    events.push(move(state, { name: 'AUDIT', then: { name: 'RUNNING' } }, CUSTODY, reason));
  } else events.push(move(state, { name: 'RUNNING' }, CUSTODY, 'servers open, tools as pinned'));
  return events;
}

const principalsOf = ({ principals }: Opened) => (principals === undefined ? {} : { principals });

/** Tools that cannot be called are named, each time that there are others. */
const leftOut = ({ servers: before }: Session, { servers }: Opened): readonly Event[] =>
  Object.entries(servers).flatMap(([server, { leftOut: tools = [] }]): readonly Event[] => {
    const known = Object.hasOwn(before, server) ? (before[server]?.leftOut ?? []) : [];
    const isNews = tools.length > 0 && JSON.stringify(tools) !== JSON.stringify(known);
    return isNews ? [{ type: 'toolsLeftOut', server, tools }] : [];
  });

/** Calls came before the profile was known: those that pass its limits are refused as they would have been later. */
function refuseBeyondLimits(session: Session, governance: Governance, now: number): readonly Event[] {
  let counts = NO_COUNTS;
  const beyond: { readonly call: OpenCall; readonly refusal: Refusal }[] = [];
  for (const call of session.open) {
    const refusal = passedLimit(counts, governance, call);
    if (refusal) beyond.push({ call, refusal });
    else counts = countCall(counts, call);
  }
  const [first] = beyond;
  if (!first) return [];
  const refused = beyond.map(({ call, refusal }) => giveUp(call, 'refused', refusal, now));
  return [...refused, ...stopAtLimit(session, first.refusal, now)];
}

/** A server cannot be opened, or the configuration does not fit. */
export function openFailed(session: Session, fact: FactOf<'openFailed'>, now: number): Decision {
  const { state } = session;
  const { code, message } = fact.refusal;
  if (state.name === 'INIT')
    return accept(
      ...pinNotices(session, fact),
      move(state, { name: 'FAILED', code, reason: message }, CUSTODY, message),
    );
  if (state.name !== 'RESUMING')
    return refuse('ILLEGAL_IN_STATE', `Servers were opened for a session in ${state.name}.`);
  const reason = `${code}: ${message}`;
  const paused = { ...state.paused, cause: 'incident', reason, by: CUSTODY, since: now } as const;
  return accept(move(state, paused, CUSTODY, message));
}

/** Who holds the stateful servers now; one that is held by the same connection as before stays as it is. */
function holders(session: Session, { servers, leases = {} }: Opened): readonly Event[] {
  return Object.keys(servers).flatMap((server): readonly Event[] => {
    const before = bindingOf(session, server);
    const now: HeldLease | undefined = Object.hasOwn(leases, server) ? leases[server] : undefined;
    if (before?.phase === 'held' && before.lease === now?.lease) return [];
    return now || before ? [bind(before, server, now ?? null)] : [];
  });
}
