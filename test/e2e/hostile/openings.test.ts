import { describe, expect, test } from 'vitest';
import { harness, failedTasks, onHostileServers } from './stage.ts';

/** Servers that no session can be started on. */
const OPENINGS = [
  ['stdio', 'die-at-start', 'SERVER_UNAVAILABLE', /no licence file found/],
  ['stdio', 'mute', 'SERVER_UNAVAILABLE', /did not answer within 1000 ms/],
  ['stdio', 'garbage', 'SERVER_PROTOCOL_ERROR', /Listening on port 3000/],
  ['stdio', 'garbage-once', 'SERVER_PROTOCOL_ERROR', /Listening on port 3000/],
  ['stdio', 'one-tool-too-many', 'TOO_MANY_TOOLS', /more than 512 tools/],
  ['stdio', 'paging-loop', 'SERVER_PROTOCOL_ERROR', /it does not get on: it gives the cursor "again" again/],
  ['http', 'garbage', 'SERVER_PROTOCOL_ERROR|SERVER_UNAVAILABLE', /./],
  ['http', 'redirect', 'SERVER_UNAVAILABLE', /Redirect/],
] as const;

onHostileServers(OPENINGS);

describe('L2: a session on a server that cannot be opened fails before any tool ran', () => {
  test.concurrent.each(OPENINGS)('%s, %s: %s', async (transport, mode, code, message) => {
    const { id } = await harness.custody.start(
      harness.spec({
        servers: ['journal', `${transport}-${mode}`],
        plan: [{ call: 'journal.append', args: { text: `before ${transport}-${mode}` } }],
      }),
    );
    expect(await harness.custody.session(id).wait()).toMatchObject({
      state: 'FAILED',
      code: expect.stringMatching(new RegExp(`^(${code})$`)) as string,
      reason: expect.stringMatching(message) as string,
      calls: [],
    });
    expect((await harness.custody.session(id).wait()).reason).toContain(`server '${transport}-${mode}'`);
    expect(harness.journal().filter(({ args }) => args.text === `before ${transport}-${mode}`)).toEqual([]);
    expect(await failedTasks(id)).toEqual([]);
  });
});
