import type { ReadMethod } from '../../protocol/calls/call.ts';

const text = { type: 'string' };
const texts = { type: 'object', additionalProperties: text };
const list = { type: 'object', properties: { cursor: text } };

/** The params of MCP's requests other than `tools/call`, which are what rules read as their arguments. */
export const METHOD_SCHEMAS: { readonly [method in ReadMethod]: object } = {
  'tools/list': list,
  'resources/list': list,
  'resources/templates/list': list,
  'resources/read': { type: 'object', properties: { uri: text }, required: ['uri'] },
  'prompts/list': list,
  'prompts/get': { type: 'object', properties: { name: text, arguments: texts }, required: ['name'] },
  'completion/complete': {
    type: 'object',
    properties: {
      ref: { type: 'object', properties: { type: text, uri: text, name: text }, required: ['type'] },
      argument: { type: 'object', properties: { name: text, value: text }, required: ['name', 'value'] },
      context: { type: 'object', properties: { arguments: texts } },
    },
    required: ['ref', 'argument'],
  },
};
