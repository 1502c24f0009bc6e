import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { skeyOf } from '../../audit/tlog/note/keys.ts';
import { signerFrom } from '../../audit/tlog/note/sign.ts';
import { Custody } from '../../client/custody.ts';
import type { PlanStep, SessionSpec } from '../../protocol/spec.ts';
import { sealId } from '../../workflows/messages.ts';
import { type Figure, figure, type Ratio, ratio, repeat } from '../figures.ts';
import { at, type Place } from '../place/place.ts';
import { startEverything } from '../place/servers.ts';
import { AGENT, type Calls, callsOf, planned } from '../plans.ts';

const SEALED = 'bench-sealed';

/** What sessions do, by the layer of the records that most of it leaves beside those of the calls. */
export const LAYERS = ['session', 'execution', 'compliance'] as const;
export type Layer = (typeof LAYERS)[number];

export interface Overhead {
  /** Calls per second without sealing, over those with it. */
  readonly rate: Ratio & { readonly interval95: readonly [number, number] };
  /** Milliseconds of half of the calls at most with sealing, over those without it. */
  readonly p50: Figure & { readonly interval95: readonly [number, number] };
}

export interface OverheadShape {
  readonly layer: Layer;
  readonly sessions: number;
  readonly repetitions: number;
  readonly cpuProf: string | undefined;
}

/** Calls of each session, by the number of sessions at once: one alone and ten are sealed under way. */
const CALLS: Readonly<Record<number, number>> = { 1: 260, 10: 160, 50: 40 };

const POLICIES = {
  ruled: { rules: ['rules.cedar'], default: 'deny' },
};
const RULES = '@id("echo") permit(principal, action == Action::"everything.echo", resource);';

/**
 * What sealing costs those who are sealed: the same sessions on a worker without `evidence` and on one with it, in
 * turns, of which each second pair begins with the other.
 */
export const auditOverhead = ({ layer, sessions, repetitions, cpuProf }: OverheadShape): Promise<Overhead> =>
  at(cpuProf, async (place) => {
    const sealed = await open(place, layer);
    const calls = CALLS[sessions] ?? 100;
    const load: Load = { layer, sessions, calls };
    const sides = {
      off: () => once(place.custody, load),
      on: async () => {
        const done = await once(sealed, load);
        // Sealing of what is over must not slow the next one.
        await Promise.all(done.ids.map((id) => sealed.temporal.workflow.getHandle(sealId(id)).result()));
        return done;
      },
    };
    await once(place.custody, { layer, sessions: 10, calls: 40 });
    await once(sealed, { layer, sessions: 10, calls: 40 });
    const pairs = await repeat(repetitions, async (pair) => {
      if (pair % 2 === 0) return { off: await sides.off(), on: await sides.on() };
      const on = await sides.on();
      return { off: await sides.off(), on };
    });
    const rates = pairs.map(({ off, on }) => ({ off: off.perSecond, on: on.perSecond }));
    const waits = pairs.map(({ off, on }) => on.p50 / off.p50);
    return {
      rate: { ...ratio(rates, 'off', 'on'), interval95: interval95(rates.map(({ off, on }) => off / on)) },
      p50: { ...figure(waits), interval95: interval95(waits) },
    };
  });

interface Load {
  readonly layer: Layer;
  readonly sessions: number;
  readonly calls: number;
}

async function once(custody: Custody, { layer, sessions, calls }: Load): Promise<Calls & { ids: readonly string[] }> {
  const ids = await planned(custody, sessions, specOf(layer, calls, 500 + 80 * sessions));
  return { ...(await callsOf(custody, ids, calls)), ids };
}

/** Starts a worker that does not seal, and one that does. @returns a client of the second */
async function open(place: Place, layer: Layer): Promise<Custody> {
  const { url } = await startEverything(place);
  const { dir, address } = place;
  const config = {
    servers: { everything: { url } },
    tools: { 'everything.echo': { effect: 'read-only' } },
    profiles: { standard: {}, ...(layer === 'compliance' && { ruled: {} }) },
    ...(layer === 'compliance' && { policies: POLICIES }),
  };
  await place.configure(config);
  const sealing = join(dir, 'sealed');
  await mkdir(sealing);
  for (const folder of [dir, sealing]) await writeFile(join(folder, 'rules.cedar'), RULES);
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const { verifier } = await signerFrom('custody/bench', seed);
  await writeFile(join(sealing, 'evidence.key'), skeyOf({ ...verifier, seed }));
  const evidence = { archive: { folder: './archive' }, sign: { fromFile: './evidence.key' }, keys: './keys' };
  await writeFile(join(sealing, 'custody.yaml'), JSON.stringify({ ...config, evidence }));
  await place.startWorker('bench-1');
  await place.startOther('place/worker.js', sealing, 'sealed-1', '', SEALED);
  const custody = await Custody.connect({
    address,
    store: join(sealing, 'payloads'),
    actor: 'bench',
    taskQueue: SEALED,
  });
  place.owns(() => custody.close());
  return custody;
}

/** Every fourth call of a session whose session layer is looked at has a checkpoint before it. */
function specOf(layer: Layer, calls: number, settle: number): SessionSpec {
  const plan = Array.from({ length: calls }, (_, index): readonly PlanStep[] => [
    ...(layer === 'session' && index % 4 === 0 ? [{ checkpoint: `c${index}` }] : []),
    { call: 'everything.echo', args: { message: `call ${index}` } },
  ]).flat();
  const profile = layer === 'compliance' ? 'ruled' : AGENT.profile;
  return { ...AGENT, profile, plan: [{ wait: settle }, ...plan] };
}

/** Of the median, by order statistics: of ten values the second and the ninth, which hold it with 97.9 %. */
function interval95(values: readonly number[]): readonly [number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  // The largest k for which fewer than k of n values lie below the median with 2.5 % at most.
  let [k, tail, chance] = [0, 0, 0.5 ** n];
  while (tail + chance <= 0.025 && k < n / 2) {
    tail += chance;
    k += 1;
    chance = (chance * (n - k + 1)) / k;
  }
  const at = Math.max(k - 1, 0);
  return [Number(sorted[at]!.toFixed(3)), Number(sorted[n - 1 - at]!.toFixed(3))];
}
