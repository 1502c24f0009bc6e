import { stripVTControlCharacters } from 'node:util';

/** Milliseconds between two words of progress: on a terminal in one line, which is rewritten, else in a line each. */
const REWRITTEN_EVERY = 1_000;
const WRITTEN_EVERY = 30_000;

/** The first column of the line, with nothing behind it. */
const CLEARED = '\r\u001B[K';

/**
 * Reports long work: when it begins, then the seconds gone by and what `detail` says, and when it is done. A failure is
 * not reported here; it is the caller's.
 */
export async function withProgress<T>(
  what: string,
  log: (line: string) => void,
  work: (setDetail: (detail: string) => void) => Promise<T>,
  terminal: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
): Promise<T> {
  const start = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`;
  let detail = '';
  const show = (): void => {
    const line = `${what}: ${seconds()}${detail && `, ${detail}`}`;
    if (terminal.isTTY) terminal.write(`${CLEARED}${stripVTControlCharacters(line).slice(0, terminal.columns - 1)}`);
    else log(line);
  };
  if (terminal.isTTY) show();
  else log(`${what} …`);
  const timer = setInterval(show, terminal.isTTY ? REWRITTEN_EVERY : WRITTEN_EVERY);
  const end = (): void => {
    clearInterval(timer);
    if (terminal.isTTY) terminal.write(CLEARED);
  };
  const result = await work((next) => {
    detail = next;
  }).finally(end);
  log(`${what}: done in ${seconds()}`);
  return result;
}
