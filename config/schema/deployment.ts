import * as z from 'zod/mini';
import { addProblem } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { secretReference, type SecretReference } from './server.ts';

/** What authenticates and encrypts what workers write. */
export interface DeploymentConfig {
  /** Where deployment keys are found: the first one writes, all of them read. */
  readonly keys: readonly SecretReference[];
  readonly encryption: 'on' | 'off';
  /** Epoch milliseconds; see `Unproven.until`. */
  readonly acceptUnsignedUntil?: number;
}

/** An instant as it stands in the file: `2026-11-27T14:00:00Z`. */
const instant: Schema<number> = z.pipe(
  z.string(),
  z.transform((text, ctx) => {
    const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
    if (!Number.isNaN(at)) return at;
    addProblem(ctx, [], 'must be an instant with its zone, such as "2026-11-27T14:00:00Z"');
    return z.NEVER;
  }),
);

export const deploymentSchema: Schema<DeploymentConfig> = z.strictObject({
  keys: z.array(secretReference).check(z.minLength(1, 'is empty; name a key of `custody keys deployment`')),
  encryption: z._default(z.enum(['on', 'off']), 'off'),
  acceptUnsignedUntil: z.exactOptional(instant),
});
