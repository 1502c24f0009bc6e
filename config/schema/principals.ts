import * as z from 'zod/mini';
import { addProblem, onObjects, pattern, printable } from '../../protocol/fields.ts';
import { lookOf, PRINCIPAL_NAME, RESERVED_NAMES } from '../../protocol/identity/principals.ts';
import { type Role, ROLES } from '../../protocol/identity/standing.ts';
import { check, type Schema } from '../../protocol/values/check.ts';
import { isObject } from '../../protocol/values/json.ts';
import { quote } from '../../protocol/values/text.ts';
import type { Problem } from '../document/problems.ts';
import { problemOfKey } from '../public-key.ts';
import { instant } from './instant.ts';

/** The list of principals as written. */
export interface PrincipalsFile {
  readonly principals: { readonly [name: string]: WrittenPrincipal };
}

export interface WrittenPrincipal {
  readonly person?: string;
  readonly roles: readonly Role[];
  readonly keys: readonly WrittenKey[];
  readonly vouches?: true | false;
}

interface WrittenKey {
  readonly key: string;
  readonly from?: number;
  readonly until?: number;
  readonly revoked?: true | false;
  readonly note?: string;
}

const name = () =>
  pattern(
    PRINCIPAL_NAME,
    'a name of at most 63 lower-case letters a to z, digits, ".", "_", "-" and "@", beginning and ending with a ' +
      'letter or digit',
  ).check(
    z.refine((value) => !RESERVED_NAMES.includes(value), {
      error: ({ input }) => `must not be ${quote(String(input))}, which the records use for nobody; take another name`,
    }),
  );

const key: Schema<WrittenKey> = z
  .strictObject({
    /** As `custody keys new` prints it. */
    key: z.string().check(
      z.superRefine((value, ctx) => {
        const problem = problemOfKey(value);
        if (problem) addProblem(ctx, [], problem);
      }),
    ),
    from: z.exactOptional(instant()),
    until: z.exactOptional(instant()),
    revoked: z.exactOptional(z.boolean()),
    note: z.exactOptional(printable(256)),
  })
  .check(
    z.superRefine(({ from, until }, ctx) => {
      if (typeof from === 'number' && typeof until === 'number' && until <= from)
        addProblem(ctx, ['until'], 'must be later than from, or the key is never valid');
    }, onObjects),
  );

const roles = z.array(z.enum(ROLES)).check(
  z.minLength(1, 'is empty; write at least one role'),
  z.superRefine((all, ctx) => {
    for (const [index, role] of all.entries())
      if (all.indexOf(role) < index) addProblem(ctx, [index], 'names the same role again; keep one of them');
  }),
);

const principal: Schema<WrittenPrincipal> = z.strictObject({
  person: z.exactOptional(name()),
  roles,
  keys: z.array(key).check(z.minLength(1, 'is empty; write at least one key, as `custody keys new` prints it')),
  vouches: z.exactOptional(z.boolean()),
});

export const principalsSchema: Schema<PrincipalsFile> = z.strictObject({
  principals: z.record(z.string(), principal).check(
    z.superRefine((value, ctx) => {
      if (Object.keys(value).length === 0) addProblem(ctx, [], 'is empty; write at least one principal');
      for (const each of Object.keys(value)) {
        const [problem] = check(name(), each).problems ?? [];
        if (problem) addProblem(ctx, [each], problem.message, true);
      }
    }, onObjects),
  ),
});

/** What is wrong between principals: names that look the same, and keys that stand under two of them. */
export function principalsProblems(value: unknown): Problem[] {
  const all = isObject(value) && isObject(value['principals']) ? Object.entries(value['principals']) : [];
  return [...likeNames(all), ...sharedKeys(all)];
}

function likeNames(all: readonly [string, unknown][]): Problem[] {
  const looks = new Map<string, string>();
  const like = (path: readonly string[], written: string, atKey: boolean): Problem[] => {
    const before = looks.get(lookOf(written)) ?? written;
    looks.set(lookOf(written), before);
    if (before === written) return [];
    return [{ path, atKey, message: `looks like ${quote(before)}, which is another name; take one that does not` }];
  };
  return all.flatMap(([written, each]) => {
    const person = isObject(each) && typeof each['person'] === 'string' ? each['person'] : undefined;
    return [
      ...like(['principals', written], written, true),
      ...(person === undefined ? [] : like(['principals', written, 'person'], person, false)),
    ];
  });
}

function sharedKeys(all: readonly [string, unknown][]): Problem[] {
  const holders = new Map<string, string>();
  return all.flatMap(([holder, each]) =>
    (isObject(each) && Array.isArray(each['keys']) ? (each['keys'] as unknown[]) : []).flatMap((written, index) => {
      const text = isObject(written) ? written['key'] : undefined;
      if (typeof text !== 'string') return [];
      const before = holders.get(text);
      holders.set(text, holder);
      if (before === undefined) return [];
      const whose = before === holder ? 'stands here twice' : `is ${quote(before)}'s already`;
      return [{ path: ['principals', holder, 'keys', index, 'key'], message: `${whose}; a key is of one principal` }];
    }),
  );
}
