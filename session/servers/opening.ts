import { type Binding, bindingOf, type HeldLease } from './binding.ts';
import type { ServerPin } from '../../protocol/call.ts';
import type { InsideCommand } from '../commands.ts';
import { countCall, NO_COUNTS } from '../capacity/counts.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Event } from '../events.ts';
import { evolveAll } from '../evolve.ts';
import type { Governance } from '../../protocol/governance.ts';
import type { OpenCall, Session } from '../session.ts';
import { giveUp } from '../calls/endings.ts';
import { passedLimit, stopAtLimit } from '../capacity/limits.ts';
import type { Decision } from '../decision.ts';
import { accept, CUSTODY, move, refuse } from '../decision.ts';

const DAY = 24 * 60 * 60 * 1000;

type Opened = Extract<InsideCommand, { type: 'opened' }>;
type OpenFailed = Extract<InsideCommand, { type: 'openFailed' }>;

/** All servers are open: INIT pins what they are (L2), RESUMING compares them with what was pinned (L5). */
export function opened(session: Session, command: Opened, now: number): Decision {
  const { state } = session;
  if (state.name === 'INIT') {
    const { governance, profileHash, servers } = command;
    const events: readonly Event[] = [
      { type: 'opened', governance, profileHash, deadlineAt: session.startedAt + governance.session.timeout },
      { type: 'pinned', servers, accepted: [], at: now },
      ...holders(session, command),
      move(
        state,
        { name: 'RUNNING' },
        CUSTODY,
        `servers open, tools pinned: ${Object.keys(servers).join(', ') || 'none'}`,
      ),
    ];
    return accept(...events, ...refuseBeyondLimits(evolveAll(session, events), governance, now));
  }
  if (state.name !== 'RESUMING')
    return refuse('ILLEGAL_IN_STATE', `Servers were opened for a session in ${session.state.name}.`);
  const differing = differ(session, command);
  if (differing.length > 0 && !state.acceptChanges) {
    const reason = changed(differing);
    return accept(
      ...holders(session, command),
      move(state, { ...state.paused, cause: 'incident', reason, by: CUSTODY, since: now }, CUSTODY, reason),
    );
  }
  const tooOld =
    session.governance?.session.complianceCheck === true && now - session.startedAt >= DAY && !session.checkedOver24h;
  const events: Event[] = [...holders(session, command)];
  if (differing.length > 0) {
    events.push({
      type: 'opened',
      governance: command.governance,
      profileHash: command.profileHash,
      deadlineAt: session.clock.deadlineAt,
    });
  }
  events.push({ type: 'pinned', servers: command.servers, accepted: differing, at: now });
  if (tooOld) events.push({ type: 'dutyOpened', duty: { kind: 'over-24h', since: now } });
  if (tooOld || session.duties.length > 0)
    events.push(
      move(
        state,
        { name: 'AUDIT', then: { name: 'RUNNING' } },
        CUSTODY,
        'a compliance check is due before work goes on',
      ),
    );
  else events.push(move(state, { name: 'RUNNING' }, CUSTODY, 'servers open, tools as pinned'));
  return accept(...events);
}

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
  return first
    ? [
        ...beyond.map(({ call, refusal }) => giveUp(call, 'refused', refusal, now)),
        ...stopAtLimit(session, first.refusal, now),
      ]
    : [];
}

/** A server cannot be opened, or the configuration does not fit. */
export function openFailed(session: Session, command: OpenFailed, now: number): Decision {
  const { state } = session;
  const { code, message } = command.refusal;
  if (state.name === 'INIT') return accept(move(state, { name: 'FAILED', code, reason: message }, CUSTODY, message));
  if (state.name !== 'RESUMING')
    return refuse('ILLEGAL_IN_STATE', `Servers were opened for a session in ${session.state.name}.`);
  return accept(
    move(
      state,
      { ...state.paused, cause: 'incident', reason: `${code}: ${message}`, by: CUSTODY, since: now },
      CUSTODY,
      message,
    ),
  );
}

/** Names what is not as it was pinned: the profile, `server` (its configuration), `server.tool` (its definition). */
function differ(session: Session, command: Opened): readonly string[] {
  const names: string[] = [];
  if (command.profileHash !== session.profileHash) names.push(`profile ${session.spec.profile}`);
  for (const [name, pin] of Object.entries(session.servers)) {
    const now = Object.hasOwn(command.servers, name) ? command.servers[name] : undefined;
    names.push(...differences(name, pin, now));
  }
  return names;
}

/** Names what of a server is not as it was pinned. */
export function differences(name: string, pin: ServerPin | undefined, now: ServerPin | undefined): readonly string[] {
  const configuration = !now || now.configHash !== pin?.configHash ? [`configuration of ${name}`] : [];
  return now && pin ? [...configuration, ...toolsThatDiffer(name, pin, now)] : configuration;
}

export const changed = (names: readonly string[]): string =>
  `changed since it was pinned: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ` and ${names.length - 10} more` : ''}`;

/** Who holds the stateful servers now; one that is held by the same connection as before stays as it is. */
function holders(session: Session, { servers, leases = {} }: Opened): readonly Event[] {
  return Object.keys(servers).flatMap((server): readonly Event[] => {
    const before = bindingOf(session, server);
    const now = Object.hasOwn(leases, server) ? leases[server] : undefined;
    if (before?.phase === 'held' && before.lease === now?.lease) return [];
    return now || before ? [holderOf(before, server, now ?? null)] : [];
  });
}

/** @param lease null where the server has no state of the session (any more) */
export function holderOf(before: Binding | undefined, server: string, lease: HeldLease | null): Event {
  if (lease === null) return { type: 'unbound', server };
  const { holder, ...rest } = lease;
  return {
    type: 'bound',
    server,
    worker: holder,
    lease: rest,
    generation: (before?.generation ?? 0) + 1,
    why: before?.why ?? '',
  };
}

function toolsThatDiffer(server: string, before: ServerPin, now: ServerPin): readonly string[] {
  const all = new Set([...Object.keys(before.tools), ...Object.keys(now.tools)]);
  const pinOf = ({ tools }: ServerPin, tool: string) => (Object.hasOwn(tools, tool) ? tools[tool] : undefined);
  return [...all].flatMap((tool) => {
    const [was, is] = [pinOf(before, tool), pinOf(now, tool)];
    if (was?.hash === is?.hash && was?.effect === is?.effect) return [];
    return [`${server}.${tool}${was ? (is ? '' : ' (gone)') : ' (new)'}`];
  });
}
