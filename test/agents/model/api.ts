import type { ServerResponse } from 'node:http';

/** A request to a model, whatever the API. */
export interface Asked {
  /** Names of the tools that the agent offers. */
  readonly tools: readonly string[];
  /** Results of tools in the conversation so far. */
  readonly results: readonly string[];
}

/** What the model answers: words, or a call under the name that the agent gave the tool. */
export type Said = { readonly text: string } | { readonly id: string; readonly name: string; readonly args: object };

/** How an API says the two; `body` is the request, as JSON. */
export interface Api {
  read(body: unknown): Asked;
  write(said: Said, response: ServerResponse, body: unknown): void;
}
