import type { Api } from './api.ts';

interface Body {
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

/** Chat completions, in one piece. */
export const OPENAI: Api = {
  read(body) {
    const { messages, tools = [] } = body as Body;
    return {
      tools: tools.map((tool) => tool.function.name),
      results: messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.stringify(content)),
    };
  },

  write(said, response) {
    const message =
      'text' in said
        ? { role: 'assistant', content: said.text }
        : {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: said.id, type: 'function', function: { name: said.name, arguments: JSON.stringify(said.args) } },
            ],
          };
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        id: 'answer',
        object: 'chat.completion',
        created: 0,
        model: 'scripted',
        choices: [{ index: 0, message, finish_reason: 'text' in said ? 'stop' : 'tool_calls' }],
        usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      }),
    );
  },
};
