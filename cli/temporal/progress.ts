/** Milliseconds between two lines of progress. */
const EVERY = 5_000;

/**
 * Reports long work: a line when it begins, one every 5 s with the seconds gone by and what `detail` says, one when it
 * is done. A failure is not reported here; it is the caller's.
 */
export async function withProgress<T>(
  what: string,
  log: (line: string) => void,
  work: (setDetail: (detail: string) => void) => Promise<T>,
): Promise<T> {
  const start = performance.now();
  const seconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`;
  let detail = '';
  log(`${what} …`);
  const timer = setInterval(() => log(`${what}: ${seconds()}${detail && `, ${detail}`}`), EVERY);
  try {
    const result = await work((next) => {
      detail = next;
    });
    log(`${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
