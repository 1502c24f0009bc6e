import { Scanner } from '../activities/scan/scanner.ts';
import type { ScanWanted } from '../protocol/incidents/scan.ts';
import type { Json } from '../protocol/values/json.ts';
import { type Figure, figure, type Ratio, ratio, repeat, round, timed } from './figures.ts';
import { at } from './place/place.ts';
import { startEverything } from './place/servers.ts';
import { CALLS, type Shape, WARM_UP } from './planRatio.ts';
import { planRate } from './plans.ts';

const ALL: ScanWanted = { secrets: 'redact', mail: 'redact', iban: 'redact', card: 'redact', phone: 'redact' };
const KIB = 1024;
/** KiB of results, and how many of each are scanned for one figure. */
const SIZES = [
  [1, 200],
  [16, 100],
  [64, 40],
  [1024, 5],
] as const;

/** Milliseconds for each KiB of a result that is scanned for everything, by its size; `empty`: for a few bytes. */
export interface ScanCost {
  readonly empty: Figure;
  readonly [size: `${number}KiB`]: Figure;
}

/** In one process, one after the other, as a worker scans a result; nothing is found. */
export async function scanCost(repetitions: number): Promise<ScanCost> {
  const scanner = new Scanner();
  const average = async (value: Json, times: number): Promise<number> =>
    (await timed(async () => {
      for (let n = 0; n < times; n += 1) await scanner.scan(value, ALL);
    })) / times;
  try {
    await average(resultOf(64), 50);
    const entries: [string, Figure][] = [];
    for (const [kib, times] of SIZES) {
      const value = resultOf(kib);
      const each = await repeat(repetitions, async () => (await average(value, times)) / kib);
      entries.push([`${kib}KiB`, figure(each, 4)]);
    }
    const empty = await repeat(repetitions, () => average({ content: [{ type: 'text', text: 'ok' }] }, 200));
    return {
      ...Object.fromEntries(entries),
      empty: figure(
        empty.map((ms) => round(ms, 4)),
        4,
      ),
    } as ScanCost;
  } finally {
    await scanner.close();
  }
}

/** As a server answers: rows of JSON in a text, with ids, dates, hashes and words. */
function resultOf(kib: number): Json {
  const rows: string[] = [];
  for (let n = 0, length = 0; length < kib * KIB; n += 1) {
    const row = JSON.stringify({
      id: `0f8fad5b-d9cb-469f-a165-70867728${String(1000 + (n % 9000))}`,
      at: '2026-11-27T09:30:00.103Z',
      hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      text: 'the quick brown fox jumps over the lazy dog, 42 times',
      total: n,
    });
    rows.push(row);
    length += row.length;
  }
  return { content: [{ type: 'text', text: rows.join('\n').slice(0, kib * KIB) }] };
}

/** Calls per second of sessions whose calls are scanned for everything, over those of plain ones, in turns. */
export const scanRatio = ({ workers, sessions, repetitions, cpuProf }: Shape): Promise<Ratio> =>
  at(cpuProf, async (place) => {
    const { url } = await startEverything(place);
    await place.configure({
      servers: { everything: { url } },
      tools: { 'everything.echo': { effect: 'read-only' } },
      profiles: { standard: {}, scanned: { scan: ALL } },
    });
    for (let index = 1; index <= workers; index += 1) await place.startWorker(`bench-${index}`);
    const once = async (load: typeof WARM_UP) => ({
      scanned: await planRate(place.custody, { ...load, profile: 'scanned' }),
      plain: await planRate(place.custody, load),
    });
    await once(WARM_UP);
    const pairs = await repeat(repetitions, () =>
      once({ sessions, calls: CALLS[sessions], settle: 500 + 80 * sessions }),
    );
    return ratio(pairs, 'scanned', 'plain');
  });
