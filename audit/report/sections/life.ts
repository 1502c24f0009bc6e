import { isObject } from '../../../protocol/values/json.ts';
import { STATE_NAMES } from '../../../protocol/states.ts';
import { standsOf } from '../calls.ts';
import { all, counting, type Fact, figure, instant, type Known, ofKind, saying, whoOf } from '../facts.ts';
import type { Figure, Row, Section } from '../model.ts';
import { basisOf, spendingOf, totalOf } from '../money/spent.ts';

/** The sessions of a report, a row each. */
export const sessions = (known: readonly Known[]): Section => ({
  id: 'sessions',
  title: 'Sessions',
  note: 'As of the last record of each. Calls are told apart by their id; those that undo others are left out.',
  columns: ['Session', 'Agent', 'State', 'Started', 'Ended', 'Runs', 'Calls', 'Restarts', 'Spent'],
  rows: known.map(sessionRow),
});

function sessionRow(known: Known): Row {
  const { session, facts } = known;
  const [started] = ofKind(facts, 'started');
  const ended = ofKind(facts, 'ended').at(-1);
  const calls = standsOf([known]);
  const [spending] = spendingOf([known]);
  return {
    name: session,
    figures: [
      agentOf(facts),
      stateOf(facts),
      instant(started?.record.at ?? null, started ? [started] : []),
      instant(ended?.record.at ?? null, ended ? [ended] : []),
      counting(ofKind(facts, 'started', 'continued')),
      figure(
        calls.length,
        'count',
        calls.flatMap(({ facts: those }) => those),
      ),
      counting(ofKind(facts, 'restart')),
      spending ? figure(totalOf(spending), 'usd', basisOf(spending)) : figure(null, 'usd', []),
    ],
  };
}

function agentOf(facts: readonly Fact[]): Figure {
  const forked = ofKind(facts, 'forked')[0];
  if (forked) return saying(forked.record.data.agent, [forked]);
  const started = ofKind(facts, 'started').find(({ record }) => record.data.as === 'session');
  const spec = started && isObject(started.record.data.input) ? started.record.data.input.spec : undefined;
  const agent = isObject(spec) && isObject(spec.agent) ? spec.agent : undefined;
  return agent && started ? saying(`${String(agent.id)}@${String(agent.version)}`, [started]) : saying(null, []);
}

/** What Temporal says counts where the session did not come to say it itself. */
function stateOf(facts: readonly Fact[]): Figure {
  const moved = ofKind(facts, 'transition').at(-1);
  const ended = ofKind(facts, 'ended').at(-1);
  if (ended && ended.record.data.as !== 'completed' && ended.record.data.as !== 'failed')
    return saying(`${ended.record.data.as} in Temporal`, [ended]);
  const name = STATE_NAMES.find((each) => each === moved?.record.data.to);
  return moved ? saying(name ?? 'unknown', [moved]) : saying(facts.length > 0 ? 'INIT' : null, facts.slice(0, 1));
}

/** Every transition, in order. */
export const lifecycle = (known: readonly Known[]): Section => ({
  id: 'lifecycle',
  title: 'Lifecycle',
  note: 'Every transition, in order.',
  columns: ['Transition', 'Session', 'At', 'Cause', 'By', 'Reason'],
  rows: ofKind(all(known), 'transition').map((fact) => {
    const { from, to, cause, reason } = fact.record.data;
    const words = [fact.session, cause ?? '', whoOf(fact), reason].map((text) => saying(text, [fact]));
    const [session, ...rest] = words as [Figure, ...Figure[]];
    return { name: `${String(from)} → ${String(to)}`, figures: [session, instant(fact.record.at, [fact]), ...rest] };
  }),
});

/** What was undone, and what was not. */
export function undoing(known: readonly Known[]): Section {
  const facts = all(known);
  const count = (name: string, kind: 'checkpoint' | 'rollback-begun' | 'undone' | 'not-undone'): Row => ({
    name,
    figures: [counting(ofKind(facts, kind))],
  });
  return {
    id: 'undoing',
    title: 'Checkpoints and rollbacks',
    note: 'What a rollback could not undo is still as the calls left it.',
    columns: ['What', 'Times'],
    rows: [
      count('checkpoints', 'checkpoint'),
      count('rollbacks', 'rollback-begun'),
      count('effects undone', 'undone'),
      count('effects not undone', 'not-undone'),
    ],
  };
}
