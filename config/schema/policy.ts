import * as z from 'zod/mini';
import { pattern } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';

/** Which rules decide the calls of a profile's sessions, as written. */
export interface PolicyEntry {
  /** Paths of files, or of folders with files, in Cedar. */
  readonly rules: readonly string[];
  /** What holds for a call that no rule speaks for. */
  readonly default: 'allow' | 'deny';
  readonly mode: 'enforce' | 'log-only';
}

export const policyEntry: Schema<PolicyEntry> = z.strictObject({
  rules: z
    .array(pattern(/^[^\0]+$/, 'the path of a file of rules, or of a folder with such files'))
    .check(z.minLength(1, 'is empty; name at least one file')),
  default: z._default(z.enum(['allow', 'deny']), 'deny'),
  mode: z._default(z.enum(['enforce', 'log-only']), 'enforce'),
});
