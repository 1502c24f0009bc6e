export const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] as number;

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** One number with its spread over the repetitions. */
export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** A ratio with its spread, and what each repetition measured of the two sides. */
export interface Ratio extends Figure {
  readonly pairs: readonly Readonly<Record<string, number>>[];
}

export const figure = (values: readonly number[], digits = 2): Figure => ({
  median: round(median(values), digits),
  min: round(Math.min(...values), digits),
  max: round(Math.max(...values), digits),
});

/** The figure of `above` over `below`, pair by pair. */
export const ratio = <Above extends string, Below extends string>(
  pairs: readonly Readonly<Record<Above | Below, number>>[],
  above: Above,
  below: Below,
): Ratio => ({
  ...figure(pairs.map((pair) => pair[above] / pair[below])),
  pairs: pairs.map((pair) => ({ [above]: round(pair[above]), [below]: round(pair[below]) })),
});

/** Does the same several times, one after the other. */
export async function repeat<T>(times: number, work: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index += 1) results.push(await work(index));
  return results;
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Does both in turns, so that what the machine has to do besides slows both; the medians of their milliseconds. */
export async function inTurns(
  times: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [one: number, other: number]> {
  const pairs = await repeat(times, async () => [await timed(one), await timed(other)] as const);
  return [median(pairs.map(([ms]) => ms)), median(pairs.map(([, ms]) => ms))];
}
