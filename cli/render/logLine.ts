import { printable } from '../io/printable.ts';
import { mark } from './style.ts';

const LEVELS: { readonly [level: number]: string } = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** What a person does not look for in a line of a log. */
const NOISE: ReadonlySet<string> = new Set(
  (
    'level time pid hostname msg err worker namespace taskQueue workflowId sdkComponent isLocal attempt taskToken ' +
    'activityId activityType workflowRunId runId workflowType durationMs'
  ).split(' '),
);

/** Milliseconds in which the same failure of a session is the same. */
const AT_ONCE = 2000;

/** A line that pino wrote. */
interface Logged {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly workflowId?: string;
  readonly [field: string]: unknown;
}

/**
 * Lines of pino as people read them: time, level, whose it is, what, and why. What was just said of the same session
 * is left out, as Temporal logs a failure once for each of its layers; stacks stand at the level `debug` alone.
 */
export function logLines(withStacks: boolean): (line: string) => string {
  let last: { readonly key: string | undefined; readonly time: number } | undefined;
  return (line) => {
    const logged = JSON.parse(line) as Logged;
    const { level, time, msg = '', err, workflowId } = logged;
    const why = err?.message;
    const key = why && JSON.stringify([workflowId, why]);
    const isSaid = key !== undefined && key === last?.key && time - last.time < AT_ONCE;
    last = { key, time };
    if (isSaid && !withStacks) return '';
    const rest = Object.entries(logged).flatMap(([name, value]) =>
      NOISE.has(name) ? [] : [`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`],
    );
    const word = LEVELS[level] ?? 'fatal';
    const text = [...(workflowId ? [workflowId] : []), msg, ...(why ? [why] : [])].join(': ');
    const said = printable([text, ...rest].join('  '));
    const stack = withStacks && err?.stack ? `${err.stack.split('\n').slice(1).map(printable).join('\n')}\n` : '';
    return `${new Date(time).toTimeString().slice(0, 8)}  ${mark(word, word.padEnd(5))}  ${said}\n${stack}`;
  };
}
