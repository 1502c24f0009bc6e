import { styleText } from 'node:util';
import type { Custody, Entry, SessionView } from '../../client/index.ts';

const isPlain = !process.stdout.isTTY || process.env.NO_COLOR !== undefined;
const style = (format: 'dim' | 'bold' | 'cyan' | 'yellow' | 'green' | 'red', text: string): string =>
  isPlain ? text : styleText(format, text);
/** Records hold what servers and callers said: control characters do not reach the terminal. */
const plain = (text: string): string => text.replace(/[^\P{C}]/gu, ' ');

export const say = (line: string): void => console.log(style('dim', line));

/** Something that the demo does from outside. */
export const act = (command: string, what = ''): void =>
  console.log(style('cyan', `$ ${command}${what ? `   (${what})` : ''}`));

/** Prints the records of a session as they come, until it ends. */
export async function follow(custody: Custody, id: string): Promise<void> {
  for await (const entry of custody.session(id).watch()) console.log(`  ${line(entry)}`);
}

/** The whole timeline again, from the history alone, with the numbers of the audit trail. */
export async function printTimeline(custody: Custody, id: string): Promise<void> {
  console.log(`\n${style('bold', 'Timeline')}, from the workflow history`);
  let start: number | undefined;
  for await (const entry of custody.session(id).watch({ follow: false })) {
    start ??= Date.parse(entry.at);
    const at = ((Date.parse(entry.at) - start) / 1000).toFixed(2).padStart(6);
    console.log(
      `${at} s  ${(entry.record === null ? '' : `#${entry.record}`).padStart(4)}  ${entry.layer.padEnd(10)}  ${line(entry)}`,
    );
  }
}

export function printSummary(view: SessionView, uiAddress: string | undefined): void {
  console.log(
    `\n${style('bold', `Session ${view.id}`)}: ${style(view.state === 'COMPLETED' ? 'green' : 'red', view.state)}, ${plain(view.reason ?? '')}; restarts ${view.restarts}, runs ${view.runs}`,
  );
  for (const { callId, server, tool, outcome, attempts } of view.calls) {
    console.log(
      `  ${plain(callId).padEnd(12)} ${`${server}.${plain(tool)}`.padEnd(42)} ${outcome}${attempts > 1 ? `, ${attempts} attempts` : ''}`,
    );
  }
  if (uiAddress) console.log(`\nIn the Temporal UI: ${uiAddress}/namespaces/default/workflows/${view.id}`);
}

function line({ kind, text, by, callId }: Entry): string {
  const tone =
    kind === 'transition' ? 'bold' : kind === 'in-doubt' || kind === 'restart' || kind === 'refused' ? 'yellow' : 'dim';
  return `${style(tone, kind.padEnd(16))} ${callId === null ? '' : `[${plain(callId)}] `}${plain(text)}${by === null ? '' : style('dim', `  (${plain(by)})`)}`;
}
