import * as z from 'zod/mini';
import { addProblem, onObjects, pick } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { isObject } from '../../protocol/values/json.ts';
import { headerValues, secretReference, type Value } from '../schema/server.ts';

/** Where traces and metrics of workers go. References stay references. */
export interface TelemetryConfig {
  /** A receiver of OTLP over HTTP, which gets both. */
  readonly otlp?: OtlpConfig;
  /** Metrics are served at /metrics, beside the health probes. */
  readonly prometheus: boolean;
}

export interface OtlpConfig {
  /** Without the path of a signal, such as http://localhost:4318. */
  readonly url: Value;
  readonly headers: { readonly [name: string]: Value };
}

const otlp = z.strictObject({
  url: pick<Value>((given) => {
    if (isObject(given)) return secretReference;
    if (typeof given !== 'string') return 'must be a URL, or where it is found';
    const problem = problemOfReceiver(given);
    return problem ?? z.string();
  }),
  headers: z._default(headerValues, {}),
});

/** What stands under `telemetry` in custody.yaml. */
export const telemetrySchema: Schema<TelemetryConfig> = z
  .strictObject({ otlp: z.exactOptional(otlp), prometheus: z._default(z.boolean(), false) })
  .check(
    z.superRefine((given, ctx) => {
      if (given.otlp === undefined && given.prometheus !== true)
        addProblem(ctx, [], 'says nothing; write otlp with a url, or prometheus: true, or leave it out');
    }, onObjects),
  ) as unknown as Schema<TelemetryConfig>;

/** What is wrong with the URL of a receiver, which is not repeated. */
export function problemOfReceiver(url: string): string | undefined {
  if (!URL.canParse(url)) return 'is not a URL; write it in full, such as "http://localhost:4318"';
  const { protocol, username, password, search, hash } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return 'must begin with http:// or https://';
  if (username || password) return 'holds credentials; put them into headers, by reference';
  if (search || hash) return 'must end with its path: /v1/traces and /v1/metrics are put behind it';
  return undefined;
}
