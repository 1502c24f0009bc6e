import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Body {
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** A call that the model asks for; `tool` is how the name ends under which the agent offers it. */
export interface Turn {
  readonly tool: string;
  readonly args: object;
}

/**
 * A model that a script plays, at an endpoint in the form of OpenAI's: it asks for one call after the other, then says
 * `done`.
 */
export interface Model {
  /** Base URL of the API. */
  readonly url: string;
  /** The results of tools that agents sent it, in order. */
  readonly results: readonly unknown[];
  close(): Promise<void>;
}

export async function startModel(turns: readonly Turn[]): Promise<Model> {
  const results: unknown[] = [];
  const server = createServer((request, response) => {
    void (json(request) as Promise<Body>).then((body) => {
      const given = body.messages.filter(({ role }) => role === 'tool');
      if (given.length > 0) results.push(given.at(-1)?.content);
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer(body, turns[given.length], given.length)));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    results,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer({ tools = [] }: Body, turn: Turn | undefined, round: number): object {
  const name =
    turn &&
    tools.map((tool) => tool.function.name).find((each) => each === turn.tool || each.endsWith(`_${turn.tool}`));
  const message =
    turn && name !== undefined
      ? {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: `call-${round}`, type: 'function', function: { name, arguments: JSON.stringify(turn.args) } },
          ],
        }
      : { role: 'assistant', content: turn ? `there is no tool ${turn.tool}` : 'done' };
  const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
  return {
    id: `answer-${round}`,
    object: 'chat.completion',
    created: 0,
    model: 'scripted',
    choices: [{ index: 0, message, finish_reason }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}
