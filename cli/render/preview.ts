import type { RollbackPreview } from '../../client/session/preview.ts';
import { printable } from '../io/printable.ts';
import { shellWord } from '../io/shell.ts';
import { bold, dim } from './style.ts';

const LONGEST = 160;

/** `custody rollback --preview` in words: the steps in the order in which they would be made. */
export function showPreview({ id, to, steps, inDoubt }: RollbackPreview): string {
  const can = steps.filter(({ undo }) => undo !== null).length;
  const head =
    `${bold(printable(id))}: a rollback to ${to === null ? 'the start' : `checkpoint ${printable(to)}`} would ` +
    `undo ${can} of ${steps.length} calls.`;
  const lines = steps.map(({ callId, server, tool, undo, why }, index) => {
    const what =
      `${String(index + 1).padStart(4)}  ${printable(server)}.${printable(tool)} ` + `${dim(`(${printable(callId)})`)}`;
    return undo
      ? `${what}\n      ${printable(server)}.${printable(undo.tool)} ${shortened(JSON.stringify(undo.args))}`
      : `${what}\n      cannot be undone: ${printable(why ?? '')}`;
  });
  const doubtful = inDoubt.map(
    ({ callId, name }) =>
      `      ${printable(name)} (${printable(callId)}) is in doubt; first: custody resolve ${shellWord(id)} ` +
      `${shellWord(callId)} --as succeeded|failed`,
  );
  return [head, ...lines, ...doubtful, dim('Nothing was changed.')].join('\n');
}

const shortened = (text: string): string =>
  printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text);
