import { CustodyError } from '../../protocol/errors.ts';
import { printable, printableJson, printableLines } from './printable.ts';

/** Text on stdout. It must be printable: whatever comes from outside goes through `printable` first. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A remark on stderr, which scripts that read stdout do not see. */
export const remark = (text: string): void => void process.stderr.write(`${printableLines(text)}\n`);

export const printJson = (value: unknown): void => print(printableJson(value, 2));

/** One line of a stream of JSON values. */
export const printJsonLine = (value: unknown): void => print(printableJson(value));

/** What is said of an error, in each form. An error that is not Custody's own is INTERNAL_ERROR. */
export function reportError(error: unknown, json: boolean): void {
  const known =
    error instanceof CustodyError
      ? error
      : new CustodyError('INTERNAL_ERROR', error instanceof Error ? error.message : String(error));
  const { code, message, remedy } = known;
  process.stderr.write(
    json
      ? `${printableJson({ error: { code, message, remedy } })}\n`
      : `${code}: ${printableLines(message)}\n  ${printable(remedy)}\n`,
  );
}
