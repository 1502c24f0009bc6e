#!/usr/bin/env node
/**
 * A stdio server that has what MCP's conformance suite asks a server for, under the names that its scenarios use: the
 * server behind the gateway when the suite is run against `custody mcp`. Both protocol generations.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { ASKING, askingPrompt, states } from './conformance/asking.mjs';

// One red pixel, and a sound of no length.
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQAAAAA=';

/** @param {string} text */
const text = (text) => ({ type: /** @type {const} */ ('text'), text });
const image = { type: /** @type {const} */ ('image'), data: PNG, mimeType: 'image/png' };
const audio = { type: /** @type {const} */ ('audio'), data: WAV, mimeType: 'audio/wav' };
/** @param {string} uri @param {string} mimeType @param {string} content */
const embedded = (uri, mimeType, content) => ({
  type: /** @type {const} */ ('resource'),
  resource: { uri, mimeType, text: content },
});

const NOTHING = { type: /** @type {const} */ ('object'), properties: {} };
const SCHEMA_2020_12 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: /** @type {const} */ ('object'),
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

/** @type {Record<string, { inputSchema?: object, content?: object[], isError?: boolean, logs?: string[] }>} */
const TOOLS = {
  test_simple_text: { content: [text('A plain text, and nothing else.')] },
  test_image_content: { content: [image] },
  test_audio_content: { content: [audio] },
  test_embedded_resource: {
    content: [embedded('test://embedded-resource', 'text/plain', 'A resource inside a result.')],
  },
  test_multiple_content_types: {
    content: [
      text('Three kinds at once.'),
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"kinds":3}'),
    ],
  },
  test_error_handling: { content: [text('This tool always fails.')], isError: true },
  test_tool_with_progress: {},
  test_tool_with_logging: { content: [text('logged')], logs: ['begun', 'at work', 'done'] },
  test_logging_tool: { content: [text('logged')] },
  test_header_tool: {
    inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } },
    content: [text('taken')],
  },
  json_schema_2020_12_tool: { inputSchema: SCHEMA_2020_12, content: [text('taken')] },
};

const RESOURCES = [
  { uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain', text: 'What never changes.' },
  { uri: 'test://static-binary', name: 'static-binary', mimeType: 'image/png', blob: PNG },
  { uri: 'test://watched-resource', name: 'watched-resource', mimeType: 'text/plain', text: 'Nobody watches it.' },
];
const TEMPLATE = { uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' };
const FROM_TEMPLATE = /^test:\/\/template\/([^/]+)\/data$/;

/**
 * @type {Record<string, { arguments?: { name: string, required: boolean }[], content(args: Record<string, string>):
 * object[] }>}
 */
const PROMPTS = {
  test_simple_prompt: { content: () => [text('A plain prompt.')] },
  test_prompt_with_arguments: {
    arguments: [
      { name: 'arg1', required: true },
      { name: 'arg2', required: true },
    ],
    content: ({ arg1, arg2 }) => [text(`First '${arg1}', then '${arg2}'.`)],
  },
  test_prompt_with_embedded_resource: {
    arguments: [{ name: 'resourceUri', required: true }],
    content: ({ resourceUri }) => [
      embedded(String(resourceUri), 'text/plain', 'A resource inside a prompt.'),
      text('Read it.'),
    ],
  },
  test_prompt_with_image: { content: () => [image, text('Look at it.')] },
};

const ASKING_PROMPT = 'test_input_required_result_prompt';

/** @param {string} what */
const unknown = (what) => new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no ${what}.`);

serveStdio(
  () => {
    const server = new Server(
      { name: 'conformance', version: '1.0.0' },
      {
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {}, logging: {} },
        requestState: { verify: states.verify },
      },
    );
    server.setRequestHandler(
      'tools/list',
      () =>
        /** @type {any} */ ({
          tools: Object.entries({ ...TOOLS, ...ASKING }).map(([name, { inputSchema }]) => ({
            name,
            description: `For the scenarios of ${name}.`,
            inputSchema: inputSchema ?? NOTHING,
          })),
        }),
    );
    server.setRequestHandler('tools/call', async ({ params }, { mcpReq }) => {
      const asks = ASKING[params.name];
      if (asks) return asks.call(params.arguments ?? {}, /** @type {any} */ (mcpReq));
      const tool = TOOLS[params.name];
      if (tool === undefined) throw unknown(`tool ${params.name}`);
      const progressToken = mcpReq._meta?.progressToken;
      if (params.name === 'test_tool_with_progress' && progressToken !== undefined) {
        for (const progress of [0, 50, 100])
          await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      }
      for (const line of tool.logs ?? []) {
        await mcpReq.log('info', line);
        await sleep(50);
      }
      return /** @type {any} */ ({
        content: tool.content ?? [text(String(progressToken))],
        ...(tool.isError ? { isError: true } : {}),
      });
    });
    server.setRequestHandler('resources/list', () => ({
      resources: RESOURCES.map(({ uri, name, mimeType }) => ({ uri, name, mimeType })),
    }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [TEMPLATE] }));
    server.setRequestHandler('resources/read', ({ params: { uri } }) => {
      const found = RESOURCES.find((resource) => resource.uri === uri);
      if (found)
        return /** @type {any} */ ({
          contents: [
            { uri, mimeType: found.mimeType, ...('blob' in found ? { blob: found.blob } : { text: found.text }) },
          ],
        });
      const id = FROM_TEMPLATE.exec(uri)?.[1];
      if (id === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Resource not found', { uri });
      return {
        contents: [
          {
            uri,
            mimeType: 'application/json',
            text: JSON.stringify({ id, templateTest: true, data: `What belongs to ${id}` }),
          },
        ],
      };
    });
    server.setRequestHandler('prompts/list', () => ({
      prompts: Object.entries({ ...PROMPTS, [ASKING_PROMPT]: { arguments: undefined } }).map(([name, prompt]) => ({
        name,
        description: `For the scenarios of ${name}.`,
        ...(prompt.arguments ? { arguments: prompt.arguments } : {}),
      })),
    }));
    server.setRequestHandler('prompts/get', async ({ params }, { mcpReq }) => {
      if (params.name === ASKING_PROMPT) return askingPrompt(/** @type {any} */ (mcpReq));
      const prompt = PROMPTS[params.name];
      if (prompt === undefined) throw unknown(`prompt ${params.name}`);
      return /** @type {any} */ ({
        messages: prompt.content(params.arguments ?? {}).map((content) => ({ role: 'user', content })),
      });
    });
    server.setRequestHandler('completion/complete', () => ({
      completion: { values: ['paris', 'parma'], total: 2, hasMore: false },
    }));
    return server;
  },
  { onerror: (error) => console.error(error.message) },
);
