import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withProgress } from '../../../cli/temporal/progress.ts';

const CLEARED = '\r\u001B[K';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Three minutes of work that says more than once how far it is. */
async function watched(isTTY: boolean): Promise<{ readonly lines: string[]; readonly written: string[] }> {
  const lines: string[] = [];
  const written: string[] = [];
  const terminal = { isTTY, columns: 40, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
  const work = (setDetail: (detail: string) => void): Promise<void> =>
    new Promise((resolve) => {
      setTimeout(() => setDetail('\u001B[31mpackage with a name that is far too long\u001B[0m'), 60_000);
      setTimeout(resolve, 180_000);
    });
  const done = withProgress('Building', (line) => lines.push(line), work, terminal);
  await vi.advanceTimersByTimeAsync(180_000);
  await done;
  return { lines, written };
}

test('U1: on a terminal, progress is one line that is rewritten and fits, and a line at the end', async () => {
  const { lines, written } = await watched(true);
  expect(lines).toEqual(['Building: done in 180 s']);
  expect(written.length).toBeGreaterThan(100);
  for (const text of written) {
    expect(text.startsWith(CLEARED)).toBe(true);
    expect(text.slice(CLEARED.length)).toMatch(/^\P{Cc}{0,39}$/u);
  }
  expect(written.at(-2)).toContain('package with');
  expect(written.at(-1)).toBe(CLEARED);
});

test('U1: elsewhere, progress is a few lines', async () => {
  const { lines, written } = await watched(false);
  expect(written).toEqual([]);
  expect(lines.length).toBeLessThan(9);
  expect([lines[0], lines.at(-1)]).toEqual(['Building …', 'Building: done in 180 s']);
});
