import { expect } from 'vitest';
import { CustodyError, type ErrorCode } from '../../protocol/errors.ts';

/** The lines of the refusal, one for each problem. Anything but a CustodyError with this code fails the test. */
export async function refusal(code: ErrorCode, run: () => unknown): Promise<string[]> {
  const error: unknown = await Promise.resolve()
    .then(run)
    .then(
      (value) => expect.fail(`accepted: ${JSON.stringify(value)}`),
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof CustodyError)) throw error;
  expect(error.code, error.message).toBe(code);
  return error.message
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}
