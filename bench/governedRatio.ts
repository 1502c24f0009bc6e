import { DecisionReader } from '../audit/decisions.ts';
import { BriefEngine } from '../cedar/engine/brief.ts';
import { Policy } from '../cedar/policy.ts';
import { questionOf } from '../cedar/request.ts';
import { loadOperatorConfig } from '../config/operator.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ratio, ratio, repeat, round } from './figures.ts';
import { at, type Place } from './place/place.ts';
import { startEverything } from './place/servers.ts';
import { CALLS, type Shape, WARM_UP } from './planRatio.ts';
import { planOf, planRate } from './plans.ts';

/** As many as a profile may well have, that read arguments, labels and totals; what none allows is denied. */
const RULES = `
@id("echo")
permit(principal, action == Action::"everything.echo", resource)
  when { context.args.message like "call *" };
@id("reads")
permit(principal, action, resource) when { context.effect == "read-only" && context.totals.calls < 100000 };
@id("secrets")
forbid(principal, action, resource) when { context.args has message && context.args.message like "*secret*" };
@id("calm")
forbid(principal, action, resource) when { context.totals.denials >= 3 && context.effect != "read-only" };
@id("team")
forbid(principal, action, resource == Server::"bank")
  unless { principal.hasTag("team") && principal.getTag("team") == "pay" };
@id("long") @approval
forbid(principal, action, resource) when { context.totals.minutes > 480 };
`;

const POLICIES = { governed: { rules: ['rules.cedar'], default: 'deny' } };
/** What the server `everything` costs; that the budget suffices for any run. */
const PRICES = { calls: { 'everything.*': { call: 0.0001, second: 0.0001, kibIn: 0.0001, kibOut: 0.0001 } } };
const COST = { budgetLimit: 100_000, costAlert: true };
/** Decisions whose time is taken, after as many that do not count. */
const DECISIONS = 5000;

export interface Governed extends Ratio {
  /** Microseconds of a decision, one after the other, as a worker makes it. */
  readonly decisionMicros: { readonly p50: number; readonly p99: number };
}

/** Calls per second of sessions whose calls rules decide, over those of sessions without rules, in turns. */
export const governedRatio = (shape: Shape): Promise<Governed> =>
  at(shape.cpuProf, async (place) => {
    const pairs = await pairsAt(place, shape, { profiles: { standard: {}, governed: {} } });
    return { ...ratio(pairs, 'governed', 'free'), decisionMicros: await decisionMicros(place) };
  });

/** The same of sessions that rules decide, and that pay for each call from a budget with alerts, over plain ones. */
export const moneyRatio = (shape: Shape): Promise<Ratio> =>
  at(shape.cpuProf, async (place) => {
    const profiles = { standard: {}, governed: { cost: COST, onCostAlert: { scaleDown: true } } };
    return ratio(await pairsAt(place, shape, { profiles, prices: PRICES }), 'governed', 'free');
  });

async function pairsAt(place: Place, { workers, sessions, repetitions }: Shape, config: object) {
  const { url } = await startEverything(place);
  await writeFile(join(place.dir, 'rules.cedar'), RULES);
  await place.configure({
    servers: { everything: { url }, plain: { url } },
    tools: { 'everything.echo': { effect: 'read-only' }, 'plain.echo': { effect: 'read-only' } },
    policies: POLICIES,
    ...config,
  });
  for (let index = 1; index <= workers; index += 1) await place.startWorker(`bench-${index}`);
  const once = async (load: typeof WARM_UP) => ({
    governed: await planRate(place.custody, { ...load, profile: 'governed' }),
    free: await planRate(place.custody, { ...load, server: 'plain' }),
  });
  await once(WARM_UP);
  const settle = 500 + 80 * sessions;
  return repeat(repetitions, () => once({ sessions, calls: CALLS[sessions], settle }));
}

/** Of a call as a session makes it. */
async function decisionMicros(place: Place): Promise<Governed['decisionMicros']> {
  const { id } = await place.custody.start({ ...planOf(1, 0), profile: 'governed' });
  await place.custody.session(id).wait();
  const reader = new DecisionReader();
  const { events } = await place.custody.temporal.workflow.getHandle(id).fetchHistory();
  for (const event of events ?? []) reader.read('', event);
  const intent = reader.attempts[0]?.intent;
  if (!intent?.policy) throw new Error('the session has no call that rules decided');
  const { policies } = await loadOperatorConfig(join(place.dir, 'custody.yaml'));
  const engine = new BriefEngine();
  try {
    const { policy } = await Policy.load(policies.governed!, engine).then((loaded) => {
      if (loaded.problems) throw new Error('the rules cannot be read');
      return loaded;
    });
    const terms = intent.policy;
    const micros = await repeat(2 * DECISIONS, async () => {
      const start = performance.now();
      await policy.decide(questionOf(intent, terms, intent, false));
      return (performance.now() - start) * 1000;
    });
    const sorted = micros.slice(DECISIONS).sort((a, b) => a - b);
    const part = (share: number): number => round(sorted[Math.floor(sorted.length * share)] ?? 0, 0);
    return { p50: part(0.5), p99: part(0.99) };
  } finally {
    await engine.close();
  }
}
