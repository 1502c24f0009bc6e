/** `npm run bench [-- --json FILE]`: Custody over a bare workflow that makes the same MCP calls, in one run. */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bareRate, eventsPerCall, planRate } from './measure.ts';
import { setUp } from './setup.ts';

/** Sessions at once, and calls of each. */
const SHAPES = [[1, 150], [10, 50], [50, 20]] as const;

const { values } = parseArgs({ options: { json: { type: 'string' }, repetitions: { type: 'string', default: '5' } } });
const repetitions = Number(values.repetitions);
if (!Number.isInteger(repetitions) || repetitions < 1) throw new TypeError('--repetitions takes a whole number from 1');

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] as number;
const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

const { custody, stop } = await setUp();
try {
  const planRatio: Record<string, number> = {};
  const detail: Record<string, object> = {};
  for (const [sessions, calls] of SHAPES) {
    await planRate(custody, sessions, 5);
    await bareRate(custody, sessions, 5);
    const pairs: { custody: number; bare: number }[] = [];
    for (let index = 0; index < repetitions; index += 1) pairs.push({ custody: await planRate(custody, sessions, calls), bare: await bareRate(custody, sessions, calls) });
    const ratios = pairs.map((pair) => pair.custody / pair.bare);
    planRatio[sessions] = round(median(ratios));
    detail[sessions] = { min: round(Math.min(...ratios)), max: round(Math.max(...ratios)), callsPerSecond: round(median(pairs.map((pair) => pair.custody)), 0), barePerSecond: round(median(pairs.map((pair) => pair.bare)), 0) };
    console.log(`${String(sessions).padStart(2)} sessions: ${planRatio[sessions]} of bare`, detail[sessions]);
  }
  const { plan, outside, barePlan, bareOutside } = await eventsPerCall(custody);
  console.log(`events per call: plan ${plan} (bare ${barePlan}), outside ${outside} (bare ${bareOutside})`);
  const report = { planRatio, eventsPerCall: { plan, outside }, bareEventsPerCall: { plan: barePlan, outside: bareOutside }, detail, repetitions, node: process.version, cores: cpus().length };
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await stop();
}
