import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loadOperatorConfig } from '../../config/operator.ts';
import type { Token, TokensFile } from '../../config/serve/tokens.ts';
import { loadTokens } from '../../config/serve/load.ts';
import { CustodyError } from '../../protocol/errors.ts';

/** Bytes as `loadTokens` takes them back; see `LIMITS.specBytes`. */
const LARGEST = 256 * 1024;
/** Milliseconds after which the lock of a process that died with it is broken. */
const STALE = 10_000;

/** The file of API keys that custody.yaml names. @throws CustodyError USAGE, CONFIG_MISSING, CONFIG_INVALID */
export async function tokensFileOf(config: string): Promise<string> {
  const { gateway } = await loadOperatorConfig(config);
  if (gateway) return gateway.tokens;
  throw new CustodyError('USAGE', `${config} names no file of API keys: write gateway: { tokens: tokens.json } in it.`);
}

/** What stands in it; nothing where there is no file yet. @throws CustodyError TOKENS_INVALID */
export async function readTokens(path: string): Promise<TokensFile['tokens']> {
  const isThere = await stat(path).then(
    () => true,
    ({ code }: NodeJS.ErrnoException) => code !== 'ENOENT',
  );
  return isThere ? (await loadTokens(path)).tokens : {};
}

/**
 * Changes the file, whole or not at all, one process after the other.
 * @throws CustodyError TOKENS_INVALID, USAGE where it cannot be written; and what `change` throws
 */
export async function changeTokens(
  path: string,
  change: (tokens: TokensFile['tokens']) => TokensFile['tokens'],
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Loaded here because the package listens to signals from the moment it is loaded.
  const { lock } = await import('proper-lockfile');
  const unlock = await lock(path, {
    realpath: false,
    stale: STALE,
    retries: { retries: 50, minTimeout: 20, maxTimeout: 200 },
  });
  try {
    const tokens = change(await readTokens(path));
    const written = Object.entries(tokens).map(([id, token]) => [id, asWritten(token)] as const);
    const text = `${JSON.stringify({ tokens: Object.fromEntries(written) }, null, 2)}\n`;
    if (Buffer.byteLength(text) > LARGEST)
      throw new CustodyError(
        'USAGE',
        `The file would have more than ${LARGEST} bytes: take out keys that have expired.`,
      );
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  } catch (error) {
    if (error instanceof CustodyError) throw error;
    throw new CustodyError('USAGE', `The file ${path} cannot be written: ${(error as Error).message}`);
  } finally {
    await unlock().catch(() => undefined);
  }
}

/** A key as the file has it. */
export const asWritten = ({ created, until, ...rest }: Token) => ({
  ...rest,
  created: asInstant(created),
  until: asInstant(until),
});

/** In whole seconds. */
const asInstant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
