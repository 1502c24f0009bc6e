import type { AskKind, ClientAsk } from '../../protocol/calls/questions.ts';
import { isObject, type Json, type JsonObject } from '../../protocol/values/json.ts';
import { excerpt } from '../error.ts';

/** What Custody says to a server that it can do for it. */
export const capabilitiesFor = (kinds: readonly AskKind[]): object => ({
  ...(kinds.includes('form') ? { elicitation: { form: {} } } : {}),
  ...(kinds.includes('sampling') ? { sampling: {} } : {}),
  ...(kinds.includes('roots') ? { roots: {} } : {}),
});

/** Members of a sampling request that a client gets. Not among them is what would show it the context of others. */
const SAMPLING = [
  'messages',
  'systemPrompt',
  'maxTokens',
  'temperature',
  'stopSequences',
  'modelPreferences',
  'metadata',
] as const;
/** Characters of a server's words to a model that people are shown. */
const SHOWN = 500;

/** What a server wants of the client itself, as the client gets it; or what is wrong with it, in words. */
export function clientAskIn(kind: ClientAsk['kind'], key: string, params: unknown): ClientAsk | string {
  if (kind === 'roots')
    return {
      key,
      kind,
      message: 'The server wants to know the roots of the client: the folders that it works in.',
      params: {},
    };
  if (!isObject(params) || !Array.isArray(params.messages) || params.messages.length === 0) return 'it has no messages';
  if (typeof params.maxTokens !== 'number') return 'it has no maxTokens';
  if (params.tools !== undefined || params.toolChoice !== undefined) return 'it wants the model to use tools';
  const given = params as JsonObject;
  const taken = Object.fromEntries(
    SAMPLING.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
  const words = excerpt(wordsIn(params.messages.at(-1) as Json), SHOWN);
  return {
    key,
    kind,
    message: `The server wants the client's model to go on from: ${words}`,
    params: taken as JsonObject,
  };
}

function wordsIn(message: Json): string {
  const content = isObject(message) ? (message as JsonObject).content : undefined;
  const parts = Array.isArray(content) ? content : [content];
  const texts = parts.map((part) => {
    const { type, text } = isObject(part) ? (part as JsonObject) : {};
    return typeof text === 'string' ? text : `(${String(type)})`;
  });
  return texts.join(' ');
}
