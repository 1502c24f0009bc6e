import * as z from 'zod/mini';
import { aName, pattern, wholeNumber } from '../fields.ts';
import { canonical, digestOf } from '../values/digest.ts';
import type { Json, JsonObject } from '../values/json.ts';
import type { Refusal } from '../errors.ts';
import { type CommandProof, type Proven, ROLES, type SentProof, type Vouched } from './standing.ts';
import { check } from '../values/check.ts';

/** How an actor proves who it is: what is signed, what is sent, and what a worker says of it. */

/**
 * What is sent with a command to prove who asks: a schema of its own for each that has it as a part, so that no module
 * shares one (workflows/sdk/sharedSchemas.ts).
 */
export const aProof = () => z.strictObject(proofFields(), 'must be { key, at, signature }');

/** The same where somebody else may have signed: then it says for whom. */
export const aCommandProof = () =>
  z.strictObject(
    {
      ...proofFields(),
      vouched: z.exactOptional(
        z.strictObject(
          {
            issuer: aName,
            token: aName,
            person: aName,
            roles: z.readonly(z.array(z.enum(ROLES)).check(z.maxLength(ROLES.length, 'must be roles, each once'))),
          },
          'must be { issuer, token, person, roles }',
        ),
      ),
    },
    'must be { key, at, signature }',
  );

const proofFields = () => ({
  /** Id of the key; see `keyIdOf`. */
  key: pattern(/^[0-9a-f]{32}$/, 'the id of a key, 32 hex digits'),
  /** When it was signed, epoch milliseconds. */
  at: wholeNumber(0),
  /** Ed25519 over `signedText`, in hex. */
  signature: pattern(/^[0-9a-f]{128}$/, 'a signature, 128 hex digits'),
});

/** Keeps this signature apart from anything else that the same key may sign. */
const PURPOSE = 'custody/command/v1';

/** What is signed: who asks what of which session, when, and under which id. */
export interface Statement {
  readonly namespace: string;
  /** The workflow id. */
  readonly session: string;
  readonly act: string;
  /** Empty where it begins a run: an id of a session begins once. */
  readonly commandId: string;
  readonly actor: string;
  readonly key: string;
  readonly at: number;
  readonly digest: string;
  readonly vouched?: Vouched;
}

/** The text whose UTF-8 is signed: RFC 8785 JSON. */
export const signedText = ({ namespace, session, act, commandId, actor, key, at, digest, vouched }: Statement) =>
  canonical({
    purpose: PURPOSE,
    namespace,
    session,
    act,
    commandId,
    actor,
    key,
    at,
    digest,
    ...(vouched ? { vouched: { ...vouched, roles: [...vouched.roles] } } : {}),
  });

/** SHA-256 of the RFC 8785 form of all fields of a message but its proof. Throws on what is no JSON. */
export const fieldsDigest = (fields: { readonly [field: string]: unknown }): string =>
  digestOf(Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'proof')) as JsonObject as Json);

/** Who sent a message, as far as it says. */
export interface Who {
  readonly actor?: string | undefined;
  readonly reason?: string | undefined;
  readonly commandId?: string | undefined;
  readonly proof?: CommandProof | undefined;
}

/** The proof of a message, with the digest of what that is a proof of; a text says why it cannot be one. */
export function signedIn(
  { proof, actor, commandId }: Who,
  fields: { readonly [field: string]: unknown },
): { readonly proof?: SentProof } | string {
  if (!proof) return {};
  if (actor === undefined || commandId === undefined) return "'proof' needs 'actor' and 'commandId' beside it";
  try {
    return { proof: { ...proof, digest: fieldsDigest(fields) } };
  } catch {
    return "'proof' stands beside fields that cannot be signed: they are nested too deep, or hold half a character";
  }
}

/** What a worker is asked to check; namespace and session it knows by itself. */
export interface ProofCheck extends Omit<Statement, 'namespace' | 'session'> {
  readonly signature: string;
}

/** What a worker says of a proof. */
export type Verdict =
  { readonly ok: true; readonly proven: Proven } | { readonly ok: false; readonly refusal: Refusal };

const anAnswer = z.union([
  z.object({
    ok: z.literal(true),
    proven: z.object({
      person: z.string(),
      roles: z.array(z.enum(ROLES)),
      key: z.string(),
      list: z.string(),
    }),
  }),
  z.object({ ok: z.literal(false), refusal: z.object({ code: z.string(), message: z.string() }) }),
]);

/** Who can complete activities by hand can send anything. */
export const isVerdict = (value: unknown): value is Verdict => check(anAnswer, value).problems === undefined;

/** Milliseconds that a signature may be older, and newer, than it comes. */
export const SIGNATURE_AGE = 10 * 60_000;
export const SIGNATURE_AHEAD = 2 * 60_000;

/** What is wrong with the age of a signature. @param now by the clock of the workflow, epoch milliseconds */
export function problemOfAge(at: number, now: number): string | undefined {
  if (at >= now - SIGNATURE_AGE && at <= now + SIGNATURE_AHEAD) return undefined;
  const seconds = Math.abs(Math.round((now - at) / 1000));
  const [age, ahead] = [SIGNATURE_AGE / 60_000, SIGNATURE_AHEAD / 60_000];
  return (
    `The signature is ${seconds} s ${at < now ? 'old' : 'ahead'}, and it is taken up to ${age} min after it was ` +
    `made and up to ${ahead} min before.`
  );
}
