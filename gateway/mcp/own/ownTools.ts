/** The gateway's own tools. No tool of a server has one of these names here. */
export const OWN_TOOLS = [
  {
    name: 'custody_status',
    description:
      'Says how the governed session stands in which all other tools here run: its state and why, its ' +
      'deadline, and the calls that have no answer yet.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'custody_checkpoint',
    description:
      'Names the present as a point to which the governed session can be rolled back: what its tools did ' +
      'until now is kept then, and what they do from now on is undone as far as that is possible.',
    inputSchema: {
      type: 'object',
      properties: { name: { type: 'string', description: 'A new name, such as "draft done".' } },
      required: ['name'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
  },
  {
    name: 'custody_wait',
    description:
      'Waits for the answer of a call that was answered with CALL_PARKED, and returns it. Never makes a call ' +
      'a second time.',
    inputSchema: {
      type: 'object',
      properties: { callId: { type: 'string', description: 'The call id that came with CALL_PARKED.' } },
      required: ['callId'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
] as const;

export type OwnTool = (typeof OWN_TOOLS)[number]['name'];

export const isOwnTool = (name: string): name is OwnTool => OWN_TOOLS.some((tool) => tool.name === name);

/** What a client is told of the server as a whole. */
export const instructionsFor = (sessionId: string): string =>
  `All tools, resources and prompts here run in the Custody session ${sessionId}: each call is governed and ` +
  'on record. A result with CALL_PARKED means that the call is accepted and waits, for instance while the ' +
  'session is paused; do not repeat it, call custody_wait with its call id. custody_status says how the ' +
  'session stands.';

/** What stands for a tool of a server while the server cannot be asked. */
export const undescribed = (name: string): object => ({
  name,
  description:
    'The definition of this tool cannot be had now, as its session takes no calls: see custody_status. It is ' +
    'listed again when the session goes on.',
  inputSchema: { type: 'object' },
});
