import { CustodyError } from '../../protocol/errors.ts';
import type { OperatorConfig } from '../operator.ts';
import { resolveValue } from '../secrets.ts';
import { problemOfReceiver } from './schema.ts';

/** A receiver of traces and metrics, with its secrets as they are now. */
export interface Receiver {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The receiver of the operator's file; undefined where it names none.
 *
 * @throws CustodyError SECRET_MISSING, CONFIG_INVALID for a URL by reference that is none
 */
export async function receiverOf({
  telemetry,
  dir,
}: Pick<OperatorConfig, 'telemetry' | 'dir'>): Promise<Receiver | undefined> {
  if (!telemetry?.otlp) return undefined;
  const { url: where, headers } = telemetry.otlp;
  const url = await resolveValue(where, dir);
  const problem = problemOfReceiver(url);
  if (problem !== undefined) throw new CustodyError('CONFIG_INVALID', `The URL under telemetry.otlp ${problem}.`);
  const resolved = Object.entries(headers).map(
    async ([name, value]) => [name, await resolveValue(value, dir)] as const,
  );
  return { url, headers: Object.fromEntries(await Promise.all(resolved)) };
}
