import * as z from 'zod/mini';
import { addProblem, onObjects, pattern, printable, SESSION_ID } from '../../protocol/fields.ts';
import { PRINCIPAL_NAME, RESERVED_NAMES } from '../../protocol/identity/principals.ts';
import { type Role, ROLES } from '../../protocol/identity/standing.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { instant } from '../schema/instant.ts';

/** An API key, as the gateway keeps it: nothing of it can be used to log in. */
export interface Token {
  /** Whoever shows the key is called so, on record. */
  readonly subject: string;
  /** The person or service behind it: one person under two names is one. The subject, where it is not there. */
  readonly person?: string;
  readonly roles: readonly Role[];
  /** SHA-256 of the whole key, in hex. */
  readonly sha256: string;
  /** Epoch milliseconds. */
  readonly created: number;
  /** Epoch milliseconds: valid before then. */
  readonly until: number;
  /** The one session that it opens. */
  readonly session?: string;
  /** What the sessions are labelled with that it opens, by the name of the label. */
  readonly labels?: { readonly [name: string]: string };
  readonly revoked?: true | false;
  readonly note?: string;
}

export interface TokensFile {
  /** By the id of the key. */
  readonly tokens: { readonly [id: string]: Token };
}

export const TOKEN_ID = /^[0-9a-f]{16}$/;

/** A name that a principal can have. */
const name = () =>
  pattern(PRINCIPAL_NAME, 'a name of at most 63 lower-case letters a to z, digits, ".", "_", "-" and "@"').check(
    z.refine((value) => !RESERVED_NAMES.includes(value), 'must not be a name that the records use for nobody'),
  );

const token: Schema<Token> = z.strictObject({
  subject: name(),
  person: z.exactOptional(name()),
  roles: z.array(z.enum(ROLES)).check(z.minLength(1, 'is empty; write at least one role')),
  sha256: pattern(/^[0-9a-f]{64}$/, 'a SHA-256, 64 hex digits'),
  created: instant(),
  until: instant(),
  session: z.exactOptional(SESSION_ID),
  labels: z.exactOptional(
    z
      .record(z.string(), printable(256))
      .check(z.refine((labels) => Object.keys(labels).length > 0, 'is empty; name at least one label')),
  ),
  revoked: z.exactOptional(z.boolean()),
  note: z.exactOptional(printable(256)),
});

export const tokensSchema: Schema<TokensFile> = z.strictObject({
  tokens: z.record(z.string(), token).check(
    z.superRefine((value, ctx) => {
      for (const id of Object.keys(value))
        if (!TOKEN_ID.test(id)) addProblem(ctx, [id], 'is no id of a key, 16 hex digits', true);
    }, onObjects),
  ),
});
