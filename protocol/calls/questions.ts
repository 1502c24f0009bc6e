import { isObject, type Json, type JsonObject } from '../values/json.ts';

/**
 * What a server may want of the client of a call: a form that a person fills in, words of the client's model, the
 * folders that the client works in.
 */
export const ASK_KINDS = ['form', 'sampling', 'roots'] as const;
export type AskKind = (typeof ASK_KINDS)[number];

/**
 * A form that a server wants a person to fill in: MCP's elicitation, mode `form`. Text of the server, not to be
 * trusted.
 */
export interface Form {
  /** The server's name for it, which the response goes back under. */
  readonly key: string;
  readonly message: string;
  /** A flat JSON Schema: an object of texts, numbers, booleans and choices. */
  readonly schema: JsonObject;
}

/** What a server wants of the client itself: `sampling/createMessage` or `roots/list`. Not to be trusted either. */
export interface ClientAsk {
  readonly key: string;
  readonly kind: Exclude<AskKind, 'form'>;
  /** What it wants, in words for people. */
  readonly message: string;
  /** As the client gets them. */
  readonly params: JsonObject;
}

export type Question = Form | ClientAsk;

export const kindOf = (question: Question): AskKind => ('kind' in question ? question.kind : 'form');

/** Under which method of MCP it is asked. */
export const ASK_METHODS = {
  form: 'elicitation/create',
  sampling: 'sampling/createMessage',
  roots: 'roots/list',
} as const satisfies { readonly [Kind in AskKind]: string };

/** The kind of what is asked under a method; undefined for any other method. */
export const askKindOf = (method: unknown): AskKind | undefined =>
  ASK_KINDS.find((kind) => ASK_METHODS[kind] === method);

/** Folders that a client can name. */
const ROOTS = 1000;
const CONTENT: readonly unknown[] = ['text', 'image', 'audio'];

/** Why a client's result is none of this kind; undefined where it is one. */
export function problemOfResult(kind: ClientAsk['kind'], result: JsonObject): string | undefined {
  if (kind === 'sampling') {
    const { role, model, content } = result;
    const isFit = isObject(content) && CONTENT.includes((content as JsonObject).type);
    return (role === 'assistant' || role === 'user') && typeof model === 'string' && isFit
      ? undefined
      : 'a message of a model is needed: { "role": "assistant", "model": …, "content": { "type": "text", "text": … } }';
  }
  const { roots } = result;
  return Array.isArray(roots) && roots.length <= ROOTS && roots.every(isRoot)
    ? undefined
    : `at most ${ROOTS} folders are needed: { "roots": [{ "uri": "file:///…" }] }`;
}

const isRoot = (root: Json): boolean => {
  const { uri, name = '' } = isObject(root) ? (root as JsonObject) : {};
  return typeof uri === 'string' && uri.startsWith('file://') && typeof name === 'string';
};
