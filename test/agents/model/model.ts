import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { ANTHROPIC } from './anthropic.ts';
import type { Api, Asked, Said } from './api.ts';
import { OPENAI } from './openai.ts';

/** A call that the model asks for; `tool` is how the name ends under which the agent offers it. */
export interface Turn {
  readonly tool: string;
  readonly args: object;
}

/** What the model does next, by the results of tools in this conversation; without a turn it says `done`. */
export type Script = (results: readonly string[]) => Turn | undefined | Promise<Turn | undefined>;

/** A model that a script plays, at endpoints in the form of OpenAI's and of Anthropic's. */
export interface Model {
  /** Base URL of the server; OpenAI's clients want `/v1` after it. */
  readonly url: string;
  /** The results of tools that agents sent it, in order. */
  readonly results: readonly string[];
  /** The names of all tools that agents offered it. */
  readonly offered: ReadonlySet<string>;
  close(): Promise<void>;
}

const APIS: { readonly [path: string]: Api } = { '/v1/chat/completions': OPENAI, '/v1/messages': ANTHROPIC };

export async function startModel(script: Script): Promise<Model> {
  const results: string[] = [];
  const offered = new Set<string>();
  const say = async ({ tools, results: given }: Asked): Promise<Said> => {
    // Agents also ask for titles and the like, and offer no tools then.
    if (tools.length === 0) return { text: 'done' };
    for (const tool of tools) offered.add(tool);
    if (given.length > 0) results.push(given.at(-1) as string);
    const turn = await script(given);
    if (!turn) return { text: 'done' };
    const name = tools.find((each) => each === turn.tool || each.endsWith(`_${turn.tool}`));
    return name === undefined
      ? { text: `there is no tool ${turn.tool}` }
      : { id: `toolu_${randomUUID().replaceAll('-', '')}`, name, args: turn.args };
  };
  const server = createServer((request, response) => {
    const api = APIS[new URL(request.url ?? '', 'http://model').pathname];
    if (!api || request.method !== 'POST') return void response.writeHead(404).end();
    void json(request).then(async (body) => api.write(await say(api.read(body)), response, body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    results,
    offered,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
