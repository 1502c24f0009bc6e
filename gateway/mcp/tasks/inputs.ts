import { kindOf, type Question } from '../../../protocol/calls/questions.ts';
import { digestOf } from '../../../protocol/values/digest.ts';
import type { Json, JsonObject } from '../../../protocol/values/json.ts';
import type { OpenCallView } from '../../../protocol/view.ts';
import { requestOf, type Takes } from '../calls/asks.ts';

/** A question as a client knows it: under a key that is of no other one of the task. */
export interface Input {
  readonly key: string;
  readonly question: Question;
}

/** What the server of a call wants to know now. Each attempt of the call asks anew, under the server's own keys. */
export const inputsOf = ({ asks, attempts }: Pick<OpenCallView, 'asks' | 'attempts'>): readonly Input[] =>
  (asks ?? []).map((question) => {
    const digest = digestOf({ question: question as unknown as Json, attempts });
    return { key: `${question.key}-${digest.slice(0, 16)}`, question };
  });

/** Those that a client can answer, as requests to it. */
export const requestsTo = (inputs: readonly Input[], takes: Takes): JsonObject =>
  Object.fromEntries(
    inputs
      .filter(({ question }) => takes.has(kindOf(question)))
      .map(({ key, question }) => [key, requestOf(question) as unknown as Json]),
  );

/** What was said, under the server's keys. What is not asked any more is left out. */
export const saidTo = (inputs: readonly Input[], responses: JsonObject): JsonObject =>
  Object.fromEntries(
    inputs.flatMap(({ key, question }) =>
      Object.hasOwn(responses, key) ? [[question.key, responses[key] as Json]] : [],
    ),
  );
