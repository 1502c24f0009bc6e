import type { OperatorConfig } from '../../config/operator.ts';
import { receiverOf } from '../../config/telemetry/receiver.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { type Check, fail, note, ok, warn } from './check.ts';

const NAME = 'telemetry';
/** Milliseconds for the receiver to answer. */
const PATIENCE = 5000;

/** What workers tell of themselves, and whether the receiver takes it: an export of nothing is sent. */
export async function checkTelemetry(config: OperatorConfig): Promise<Check> {
  if (!config.telemetry)
    return note(NAME, 'off', 'Where traces and metrics are wanted, see `telemetry` in docs/telemetry.md.');
  const served = config.telemetry.prometheus ? ', /metrics beside the health probes' : '';
  try {
    const receiver = await receiverOf(config);
    if (!receiver) return ok(NAME, `metrics at /metrics of \`custody worker --health-port\``);
    const { host } = new URL(receiver.url);
    const problem = await problemOf(receiver.url, receiver.headers);
    if (problem === undefined) return ok(NAME, `OTLP to ${host}, which takes it${served}`);
    return warn(
      NAME,
      `OTLP to ${host}, which does not take it: ${problem}`,
      'Start the receiver, or mend telemetry.otlp in custody.yaml: calls go on meanwhile, and nothing of them is told.',
    );
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return fail(NAME, error.message, error.remedy);
  }
}

async function problemOf(url: string, headers: Readonly<Record<string, string>>): Promise<string | undefined> {
  try {
    const { ok: isTaken, status } = await fetch(`${url.replace(/\/+$/, '')}/v1/traces`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"resourceSpans":[]}',
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    });
    return isTaken ? undefined : `it answers ${status}`;
  } catch (error) {
    const { cause, name } = error as Error;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
    return name === 'TimeoutError' ? 'it does not answer' : `it cannot be reached${code ? ` (${code})` : ''}`;
  }
}
