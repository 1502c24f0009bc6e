import { type Ratio, ratio, repeat } from './figures.ts';
import { at, type Place } from './place/place.ts';
import { EVERYTHING_STDIO, startEverything } from './place/servers.ts';
import { bareRate, type Load, planRate } from './plans.ts';

/** Calls of each session, by the number of sessions at once. */
export const CALLS = { 1: 200, 10: 120, 50: 24 } as const;

/** Before what counts: a worker lives for days, and its code is compiled in its first hundreds of calls. */
export const WARM_UP: Load = { sessions: 10, calls: 40, settle: 2000 };

export interface Shape {
  readonly sessions: keyof typeof CALLS;
  /** Workers of either kind, side by side. */
  readonly workers: number;
  readonly repetitions: number;
  readonly cpuProf: string | undefined;
}

/** Calls per second of sessions over those of bare workflows, in turns; read-only calls, over Streamable HTTP. */
export const planRatio = (shape: Shape): Promise<Ratio> =>
  at(shape.cpuProf, async (place) => {
    const { url } = await startEverything(place);
    await place.configure({
      servers: { everything: { url } },
      tools: { 'everything.echo': { effect: 'read-only' } },
      profiles: { standard: {} },
    });
    return measure(place, { kind: 'http', name: 'everything', url, headers: {} }, shape, 80);
  });

/** The same with an irreversible tool of a stateful stdio server: with the sending mark, and the outcome on disk. */
export const planRatioIrreversible = (shape: Shape): Promise<Ratio> =>
  at(shape.cpuProf, async (place) => {
    await place.configure({
      servers: { everything: EVERYTHING_STDIO },
      tools: { 'everything.echo': { effect: 'irreversible' } },
      profiles: { standard: {} },
    });
    return measure(place, { kind: 'stdio', name: 'everything', env: {}, cwd: '/', ...EVERYTHING_STDIO }, shape, 150);
  });

/** @param opening milliseconds in which one more server opens beside the others */
async function measure(place: Place, server: object, shape: Shape, opening: number): Promise<Ratio> {
  const { sessions, workers, repetitions } = shape;
  for (let index = 1; index <= workers; index += 1) {
    await place.startWorker(`bench-${index}`);
    await place.startOther('bare/worker.js', JSON.stringify(server));
  }
  const once = async (load: Load) => ({
    custody: await planRate(place.custody, load),
    bare: await bareRate(place.custody, load),
  });
  const settle = 500 + opening * sessions;
  await once(WARM_UP);
  const pairs = await repeat(repetitions, () => once({ sessions, calls: CALLS[sessions], settle }));
  return ratio(pairs, 'custody', 'bare');
}
