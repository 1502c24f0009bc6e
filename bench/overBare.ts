import { median, round } from './numbers.ts';
import { bareRate, eventsPerCall, planRate } from './measure.ts';
import { setUp } from './setup.ts';

/** Sessions at once, and calls of each. */
const SHAPES = [
  [1, 150],
  [10, 50],
  [50, 20],
] as const;

/** Custody over a bare workflow that makes the same MCP calls, in turns. */
export async function overBare(repetitions: number): Promise<object> {
  const { custody, stop } = await setUp();
  try {
    const planRatio: Record<string, number> = {};
    const detail: Record<string, object> = {};
    for (const [sessions, calls] of SHAPES) {
      await planRate(custody, sessions, 5);
      await bareRate(custody, sessions, 5);
      const pairs: { custody: number; bare: number }[] = [];
      for (let index = 0; index < repetitions; index += 1)
        pairs.push({
          custody: await planRate(custody, sessions, calls),
          bare: await bareRate(custody, sessions, calls),
        });
      const ratios = pairs.map((pair) => pair.custody / pair.bare);
      planRatio[sessions] = round(median(ratios));
      detail[sessions] = {
        min: round(Math.min(...ratios)),
        max: round(Math.max(...ratios)),
        callsPerSecond: round(median(pairs.map((pair) => pair.custody)), 0),
        barePerSecond: round(median(pairs.map((pair) => pair.bare)), 0),
      };
      console.log(`${String(sessions).padStart(2)} sessions: ${planRatio[sessions]} of bare`, detail[sessions]);
    }
    const { plan, outside, barePlan, bareOutside } = await eventsPerCall(custody);
    console.log(`events per call: plan ${plan} (bare ${barePlan}), outside ${outside} (bare ${bareOutside})`);
    return {
      planRatio,
      eventsPerCall: { plan, outside },
      bareEventsPerCall: { plan: barePlan, outside: bareOutside },
      detail,
      repetitions,
    };
  } finally {
    await stop();
  }
}
