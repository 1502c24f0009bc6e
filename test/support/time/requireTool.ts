/** A program that a test needs is not on this machine and cannot be had. */
export class ToolMissing extends Error {
  override readonly name = 'ToolMissing';
}

/**
 * What `get` answers, or undefined where it throws `ToolMissing`: then a line says what is skipped and why, and the
 * tests are to be skipped (`test.skipIf(tool === undefined)`). With `CI=true` nothing is skipped, and the error is
 * thrown.
 *
 * @param what the tests that need the tool, for the line: `Skipped: ${what} …`.
 */
export async function requireTool<T>(what: string, get: () => Promise<T>): Promise<T | undefined> {
  try {
    return await get();
  } catch (error) {
    if (!(error instanceof ToolMissing) || process.env['CI'] === 'true') throw error;
    console.warn(`Skipped: ${what}, because ${error.message}`);
    return undefined;
  }
}
