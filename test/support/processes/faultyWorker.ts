/**
 * A worker for tests of faults, as a process: a real worker, except that it can kill itself with SIGKILL at a named
 * point of a call.
 *
 *   node faultyWorker.js --config FILE --address HOST:PORT --task-queue QUEUE --name NAME --state DIR [--max-calls N]
 *
 * CUSTODY_FAULT names the point; the first call that must not be repeated and reaches it is the last thing this process
 * does. Without it the worker is an ordinary one. It reports on a file descriptor of its own, with one line of JSON
 * when it runs, one when it is told to stop, and one just before it kills itself.
 */
import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Context } from '@temporalio/activity';
import { pino } from 'pino';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { loadOperatorConfig } from '../../../config/operator.ts';
import { type AttemptOutcome, type Intent, isRepeatable } from '../../../protocol/calls/call.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { installRuntime } from '../../../worker/runtime.ts';
import { createWorker } from '../../../worker/worker.ts';
import { REPORTS, type Point, type WorkerReport } from './workerProcess.ts';

const say = (report: WorkerReport): void => void writeSync(REPORTS, `${JSON.stringify(report)}\n`);

function die(at: Point): Promise<never> {
  say({ struck: at });
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

/** What the activities get instead, so that the process dies at the point. */
const dyingAt =
  (point: Point) =>
  (deps: ActivityDeps): ActivityDeps => ({
    ...deps,
    mark: async (taskToken, mark) => {
      if (point === 'before-mark') await die(point);
      await deps.mark(taskToken, mark);
      if (point === 'after-mark') await die(point);
    },
    budgets: {
      draw: async (id, request) => {
        if (point === 'budget-unasked') await die(point);
        const answer = await deps.budgets.draw(id, request);
        return point === 'budget-answered' ? die(point) : answer;
      },
    },
    principals: {
      current: () =>
        point === 'in-proof' && Context.current().info.activityType === 'proveActor'
          ? die(point)
          : deps.principals.current(),
    },
    notices: {
      ...deps.notices,
      pass: async (...given) => {
        if (point === 'notice-unpassed') await die(point);
        await deps.notices.pass(...given);
        if (point === 'notice-passed') await die(point);
      },
    },
    outcomes: {
      recall: (attempt) => deps.outcomes.recall(attempt),
      keep: async (intent, attempt) => {
        if (intent.compensates !== undefined && point.startsWith('undo-'))
          return compensating(point, intent, attempt, deps);
        if (isRepeatable(intent.effect)) return deps.outcomes.keep(intent, attempt);
        const outcome = await deps.outcomes.keep(intent, async () => {
          const answer = await attempt();
          return point === 'after-answer' && isAnswer(answer) ? die(point) : answer;
        });
        return point === 'after-keep' && isAnswer(outcome) ? die(point) : outcome;
      },
    },
    payloads: {
      put: async (value) => {
        const isPage = isObject(value) && 'before' in value && 'entries' in value;
        if (isPage && point === 'page-unwritten') await die(point);
        const ref = await deps.payloads.put(value);
        return isPage && point === 'page-written' ? die(point) : ref;
      },
      get: async (ref) => {
        const isPage = /"entries":/.test(ref.preview);
        if (isPage && point === 'page-unread') await die(point);
        const value = await deps.payloads.get(ref);
        return isPage && point === 'page-read' ? die(point) : value;
      },
    },
  });

/** A call that rules stopped was never sent: its worker goes on to the next attempt. */
const isAnswer = ({ kind }: AttemptOutcome): boolean => kind !== 'needs_approval' && kind !== 'denied';

async function compensating(
  point: Point,
  intent: Intent,
  attempt: () => Promise<AttemptOutcome>,
  deps: ActivityDeps,
): Promise<AttemptOutcome> {
  if (point === 'undo-before') await die(point);
  const outcome = await deps.outcomes.keep(intent, async () => {
    const answer = await attempt();
    return point === 'undo-after' ? die(point) : answer;
  });
  return point === 'undo-unreported' ? die(point) : outcome;
}

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({
  options: { config: text, address: text, 'task-queue': text, name: text, state: text, 'max-calls': text },
});
const point = process.env['CUSTODY_FAULT'] as Point | undefined;

const log = pino({ level: 'warn' }, pino.destination(2));
installRuntime(log);
const worker = await createWorker({
  config: await loadOperatorConfig(values.config),
  connection: { address: values.address },
  namespace: 'default',
  taskQueue: values['task-queue'],
  log,
  name: values.name,
  stateDir: values.state,
  ...(values['max-calls'] === '' ? {} : { maxCalls: Number(values['max-calls']) }),
  ...(point === undefined ? {} : { wrap: dyingAt(point) }),
});
process.once('SIGTERM', () => {
  worker.stop();
  say({ stopping: true });
});
const running = worker.run();
say({ ready: true, name: worker.name });
await running;
process.exit(0);
