import type { BeforeView } from '../../../client/index.ts';
import type { Json, JsonObject } from '../../../protocol/values/json.ts';
import { printable, printableLines } from '../../io/printable.ts';
import { mark } from '../style.ts';
import { unified } from './diff.ts';

/** Lines that are shown; all of it stands in the JSON. */
const SHOWN = 200;

/**
 * What a call would change, against what stood there when persons were asked. Arguments that put that back, made by the
 * tool's own undo rule, are held against those of the call.
 */
export function showChanges(before: BeforeView, args: JsonObject): string {
  if ('problem' in before) return `What stands there could not be read: ${printable(before.problem)}`;
  const { exists, text, restores, carriers } = before;
  if (exists && !restores)
    return `What stood there at ${before.at}, when it was asked:\n${cut(text.split('\n').map((line) => ` ${line}`))}`;
  const was: JsonObject = restores ?? Object.fromEntries(carriers.map((name) => [name, '']));
  const names = exists ? [...new Set([...Object.keys(was), ...Object.keys(args)])] : carriers;
  const lines = names.flatMap((name) => changeOf(name, was[name], args[name]));
  const what = exists
    ? `What would change, against what stood there at ${before.at}, when it was asked:`
    : `Nothing stood there at ${before.at}, when it was asked. What would be made:`;
  return `${what}\n${lines.length === 0 ? ' nothing' : cut(lines)}`;
}

function changeOf(name: string, before: Json | undefined, after: Json | undefined): readonly string[] {
  const [was, now] = [textOf(before), textOf(after)];
  return was === now ? [] : [`--- ${name}`, `+++ ${name}`, ...unified(was, now)];
}

const textOf = (value: Json | undefined): string =>
  value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value, null, 2);

function cut(lines: readonly string[]): string {
  const shown = lines.slice(0, SHOWN).map((line) => {
    const text = printableLines(line);
    return line.startsWith('+') ? mark('ok', text) : line.startsWith('-') ? mark('fail', text) : text;
  });
  return [...shown, ...(lines.length > SHOWN ? [`… ${lines.length - SHOWN} more lines`] : [])].join('\n');
}
