/** What an exporter of the SDK says of an export: 0 is success. */
interface Result {
  readonly code: number;
  readonly error?: Error;
}

interface Exporter<Items> {
  export(items: Items, done: (result: Result) => void): void;
}

/** Characters of what went wrong. */
const LONGEST = 200;

/**
 * An exporter that tells when what it sends is not taken, and when it is again: once each time.
 *
 * @param tell undefined is told once all is well again
 */
export function telling<Items, E extends Exporter<Items>>(
  exporter: E & Exporter<Items>,
  tell: (problem: string | undefined) => void,
): E {
  const send = exporter.export.bind(exporter);
  let isWell = true;
  exporter.export = (items, done) =>
    send(items, (result) => {
      const succeeded = result.code === 0;
      if (succeeded !== isWell)
        tell(succeeded ? undefined : (result.error?.message || 'it was not taken').slice(0, LONGEST));
      isWell = succeeded;
      done(result);
    });
  return exporter;
}
