import type { Api, Said } from './api.ts';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: string | readonly Block[];
}
interface Body {
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: string | readonly Block[] }[];
  readonly tools?: readonly { readonly name: string }[];
}

const blocks = (content: Block['content']): readonly Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);

/** Messages, in one piece or as a stream of events. */
export const ANTHROPIC: Api = {
  read(body) {
    const { messages, tools = [] } = body as Body;
    return {
      tools: tools.map(({ name }) => name),
      results: messages
        .flatMap(({ content }) => blocks(content))
        .filter(({ type }) => type === 'tool_result')
        .map(({ content }) =>
          blocks(content)
            .map(({ text = '' }) => text)
            .join('\n'),
        ),
    };
  },

  write(said, response, body) {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'scripted' };
    const usage = { input_tokens: 1, output_tokens: 1 };
    const stop = { stop_reason: 'text' in said ? 'end_turn' : 'tool_use', stop_sequence: null };
    if ((body as Body).stream !== true)
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...message, ...stop, usage, content: [whole(said)] }));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of [
      { type: 'message_start', message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage } },
      { type: 'content_block_start', index: 0, content_block: begun(said) },
      { type: 'content_block_delta', index: 0, delta: rest(said) },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: stop, usage: { output_tokens: 1 } },
      { type: 'message_stop' },
    ])
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  },
};

const whole = (said: Said): object =>
  'text' in said
    ? { type: 'text', text: said.text }
    : { type: 'tool_use', id: said.id, name: said.name, input: said.args };

const begun = (said: Said): object => ({ ...whole(said), ...('text' in said ? { text: '' } : { input: {} }) });

const rest = (said: Said): object =>
  'text' in said
    ? { type: 'text_delta', text: said.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(said.args) };
