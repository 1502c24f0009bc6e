import type { RecentCall } from '../../../client/index.ts';
import type { SessionView } from '../../../protocol/view.ts';
import { ADVICE } from '../calls/advice.ts';
import { endedRefusal } from './ended.ts';
import { recentInWords } from './recent.ts';

/** The gateway's own tools. No tool of a server has one of these names here. */
export const OWN_TOOLS = [
  {
    name: 'custody_status',
    description:
      'Says how the governed session stands in which all other tools here run: its state and why, its ' +
      'deadline, the calls that have no answer yet, what people are asked to approve, and the last calls with their ' +
      'arguments and outcomes.',
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
  {
    name: 'custody_again',
    description:
      'Makes a call that was answered with REPEATS_EARLIER after all, because it is meant to happen once more, and ' +
      'returns its answer.',
    inputSchema: {
      type: 'object',
      properties: { callId: { type: 'string', description: 'The call id that came with REPEATS_EARLIER.' } },
      required: ['callId'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  },
] as const;

export type OwnTool = (typeof OWN_TOOLS)[number]['name'];

export const isOwnTool = (name: string): name is OwnTool => OWN_TOOLS.some((tool) => tool.name === name);

/** What a client is told of the server as a whole. @param found what it finds in a session that is not new */
export const instructionsFor = (sessionId: string, found: Found | undefined): string =>
  [
    `All tools, resources and prompts here run in the Custody session ${sessionId}: each call is governed and ` +
      'on record. A result with CALL_PARKED means that the call is accepted and waits, for instance while the ' +
      'session is paused; do not repeat it, call custody_wait with its call id. custody_status says how the ' +
      'session stands, and what was called last.',
    ...(found ? foundInWords(found) : []),
  ].join('\n');

/** A session that a client comes to, as it is then. */
export interface Found {
  readonly view: SessionView;
  readonly calls: readonly RecentCall[];
}

function foundInWords({ view, calls }: Found): readonly string[] {
  const over = endedRefusal(view);
  return [
    ...(over ? [`${over.message} ${ADVICE[over.code]}`] : []),
    ...(calls.length === 0
      ? []
      : [
          'The session was used before you came. If you are the agent that was, you made these calls, oldest first; ' +
            'do not make them again, go on from there (custody_wait with a call id gives the answer):',
          ...calls.map(recentInWords),
        ]),
  ];
}

/** What stands for a tool of a server whose definition cannot be had. @param isOver the session has ended */
export const undescribed = (name: string, isOver: boolean): object => ({
  name,
  description: isOver
    ? 'The session of this tool has ended: it cannot be called any more, see custody_status.'
    : 'The definition of this tool cannot be had now, as its session takes no calls: see custody_status. It is ' +
      'listed again when the session goes on.',
  inputSchema: { type: 'object' },
});
