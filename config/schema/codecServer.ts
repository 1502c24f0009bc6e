import * as z from 'zod/mini';
import { addProblem, onObjects, plainName } from '../../protocol/fields.ts';
import { check, type Schema } from '../../protocol/values/check.ts';
import { secretReference, type SecretReference } from './server.ts';

/** Who may ask `custody codec-server` to open payloads. */
export interface CodecServerConfig {
  /** Bearer tokens, by the name under which each reading goes on record. */
  readonly tokens: { readonly [name: string]: SecretReference };
  /** Origins of web pages that may ask, beside those of this machine. */
  readonly origins: readonly string[];
}

const origin = z
  .string()
  .check(z.refine(isOrigin, 'must be the origin of a web page, such as "https://temporal.example:8080", and no more'));

export const codecServerSchema: Schema<CodecServerConfig> = z.strictObject({
  tokens: z._default(
    z.record(z.string(), secretReference).check(
      z.superRefine((tokens, ctx) => {
        for (const name of Object.keys(tokens)) {
          const [problem] = check(plainName(), name).problems ?? [];
          if (problem) addProblem(ctx, [name], problem.message, true);
        }
      }, onObjects),
    ),
    {},
  ),
  origins: z._default(z.array(origin), []),
});

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text;
  } catch {
    return false;
  }
}
