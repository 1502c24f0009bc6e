import { styleText } from 'node:util';
import type { Custody, Entry, SessionView } from '../../client/index.ts';

const isPlain = !process.stdout.isTTY || process.env.NO_COLOR !== undefined;
const style = (format: 'dim' | 'bold' | 'cyan' | 'yellow' | 'green' | 'red', text: string): string =>
  isPlain ? text : styleText(format, text);
/** Records hold what servers and callers said: control characters do not reach the terminal. */
const plain = (text: string): string => text.replace(/[^\P{C}]/gu, ' ');

export const say = (line: string): void => console.log(style('dim', line));

/** What will happen, before anything does. */
export function printOpening(): void {
  const agent = style('bold', 'A session of an agent');
  console.log(
    `${agent} writes files over MCP. It is paused and resumed, its worker is killed in the middle of two calls,`,
  );
  console.log(
    'it reaches its deadline, is given more time, goes back to a checkpoint. A rule denies a call, a second person',
  );
  console.log(
    'approves another, the budget does not pay for a third until somebody adds to it. It completes, is sealed, and',
  );
  console.log('is verified.');
  say('A line with $ is what the demo does from outside. Others are records of the session, or what was printed.\n');
}

/** Something that the demo does from outside. */
export const act = (command: string, what = ''): void =>
  console.log(style('cyan', `$ ${command}${what ? `   (${what})` : ''}`));

/** Records that tell what another line has told already, or of the house alone. */
const UNTOLD: ReadonlySet<string> = new Set([
  'governance',
  'command',
  'recall',
  'audit',
  'notify',
  'check-due',
  'checked',
  'review-due',
  'reviewed',
  'attempt-repeated',
  'server-lost',
  'server-reopened',
  'deadline-warning',
  'deadline',
  'extended',
  'resolved',
  'checkpoint',
  'rollback-begun',
  'rollback',
  'denied',
  'approval-ended',
  'ended',
  'budget',
  'report',
]);

/** Prints what a session does as it comes, until it ends. */
export async function follow(custody: Custody, id: string): Promise<void> {
  for await (const entry of custody.session(id).watch()) {
    const isOnTheWay = entry.kind === 'transition' && /-> (RESUMING|AUDIT)\b/.test(entry.text);
    // A compensation is told by the record `undone`.
    const isUndo = entry.callId?.startsWith('undo/') === true;
    // Of these attempts the outcome says as much; of those outcomes the attempt does, or another record.
    const isShort = entry.kind === 'attempt' && / \(read-only|, attempt \d/.test(entry.text);
    const isAsked =
      entry.kind === 'outcome' &&
      /: (needs_approval: |the worker fell silent|succeeded: Successfully wrote .*by default)/.test(entry.text);
    if (!UNTOLD.has(entry.kind) && !isOnTheWay && !isUndo && !isShort && !isAsked) console.log(`  ${line(entry)}`);
  }
}

export function printSummary({ id, state, reason, restarts, calls, money }: SessionView): void {
  const tone = state === 'COMPLETED' ? 'green' : 'red';
  console.log(`\n${style('bold', `Session ${id}`)}: ${style(tone, state)}, ${plain(reason ?? '')}`);
  const cost = money ? ` It cost ${((money.spent + money.overrun) / 1e6).toFixed(2)} USD.` : '';
  console.log(`${calls.length} calls, the compensations of the rollback among them; ${restarts} restart.${cost}`);
}

/** Longer lines than this are cut: a terminal shows them on one line or two. */
const WIDTH = 150;

function line({ kind, text, by, callId }: Entry): string {
  const isNews = [
    'in-doubt',
    'restart',
    'refused',
    'deadline',
    'approval-asked',
    'approved',
    'cost-alert',
    'topped-up',
  ].includes(kind);
  const tone = kind === 'transition' ? 'bold' : isNews ? 'yellow' : 'dim';
  const what = kind === 'transition' ? text.replace(/^\w+ -> /, '') : text;
  const said = `${callId === null ? '' : `[${plain(callId)}] `}${plain(what)}`;
  const cut = said.length > WIDTH ? `${said.slice(0, WIDTH)}…` : said;
  return `${style(tone, kind.padEnd(16))} ${cut}${by === null ? '' : style('dim', `  (${plain(by)})`)}`;
}
