import { beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../servers/start.ts';
import { Harness } from '../../support/harness.ts';
import { harness, session, call, livesOn, onHostileServers } from './stage.ts';

/** How a call of `poke` ends on a server of each mode; the tool is irreversible, so that no answer means in doubt. */
const CALLS = [
  ['stdio', 'hang', 'in_doubt', 'TOOL_TIMEOUT'],
  ['stdio', 'flood', 'in_doubt', 'TOOL_TIMEOUT'],
  ['stdio', 'ping-flood', 'in_doubt', 'TOOL_TIMEOUT'],
  ['stdio', 'garbage-answer', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['stdio', 'huge', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['stdio', 'huge-open', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['stdio', 'die-in-call', 'in_doubt', 'CONNECTION_LOST'],
  ['stdio', 'refuse', 'failed', 'SERVER_REFUSED'],
  ['http', 'hang', 'in_doubt', 'TOOL_TIMEOUT'],
  ['http', 'flood', 'in_doubt', 'TOOL_TIMEOUT'],
  ['http', 'garbage-answer', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['http', 'no-answer', 'in_doubt', 'SERVER_PROTOCOL_ERROR'],
  ['http', 'huge', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['http', 'huge-open', 'in_doubt', 'RESULT_TOO_LARGE'],
  ['http', 'broken', 'in_doubt', 'CONNECTION_LOST'],
  ['http', 'stream-end', 'in_doubt', 'CONNECTION_LOST'],
  ['http', 'die-in-call', 'in_doubt', 'CONNECTION_LOST'],
] as const;

onHostileServers(CALLS);

describe('U4, E2: in a session on all hostile servers, a call on each ends with a code, and it lives on', () => {
  let id: string;
  beforeAll(async () => {
    id = await session(...CALLS.map(([transport, mode]) => `${transport}-${mode}`));
  });

  test.concurrent.each(CALLS)('%s, %s: %s by %s', async (transport, mode, outcome, code) => {
    const [server, callId] = [`${transport}-${mode}`, `${transport}/${mode}`];
    const answer = await call(id, `${server}.poke`, callId);
    const { calls, openCalls } = await harness.custody.session(id).describe();
    expect(calls.find((each) => each.callId === callId)).toMatchObject({ outcome, attempts: 1 });
    expect(answer?.error ?? openCalls.find((each) => each.callId === callId)?.trouble).toMatchObject({
      code,
      message: expect.stringContaining(`'${server}'`) as string,
    });
    expect(await harness.custody.session(id).call('journal.lookup', { key: 'k' })).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
    });
    // A flooding server does not listen, and one over HTTP that died stays away.
    if (!/flood|http-die/.test(server))
      expect(await call(id, `${server}.look`, `${callId}/look`)).toMatchObject({ outcome: 'succeeded' });
  });

  test('in the end the session runs on', () => livesOn(id));

  test.concurrent.each(['wrong-output', 'bad-result', 'deep-result', 'stderr-flood', 'stubborn', 'most-tools'])(
    '%s: is borne, and the call succeeds',
    async (mode) => {
      const id = await session(mode);
      expect(await call(id, `${mode}.${mode === 'most-tools' ? 'poke-511' : 'poke'}`, 'poke')).toMatchObject({
        outcome: 'succeeded',
        attempts: 1,
      });
      await livesOn(id);
      await harness.custody.session(id).complete();
      expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
    },
  );

  test.concurrent(
    'E8: ask: what it asks of a person waits for one, the rest is refused, and the call ends',
    async () => {
      const id = await session('ask');
      const poked = harness.custody.session(id).call('ask.poke', {}, { callId: 'poke' });
      const { openCalls } = await harness.until(id, (view) =>
        view.openCalls.some(({ phase }) => phase === 'awaiting_input'),
      );
      expect(openCalls[0]?.asks?.[0]?.message).toBe('Your password?');
      await harness.custody.session(id).respond('poke', { action: 'decline' }, { reason: 'no passwords' });
      expect(await poked).toMatchObject({ outcome: 'succeeded' });
      await livesOn(id);
      await harness.custody.session(id).complete();
      expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
    },
  );

  test.concurrent(
    'a server that dies after the session began and stays away fails its calls, unsent, and no others',
    async () => {
      const server = await startHttpServer('hostile.mjs', ['--mode', 'none']);
      const own = await Harness.start({
        servers: { away: { url: server.server.url } },
        tools: { 'away.*': { effect: 'irreversible' } },
      });
      try {
        const { id } = await own.custody.start(own.spec({ servers: ['journal', 'away'] }));
        await own.until(id, ({ state }) => state === 'RUNNING');
        await server.kill();
        const [gone, good] = await Promise.all([
          own.custody.session(id).call('away.poke'),
          own.custody.session(id).call('journal.lookup', { key: 'k' }),
        ]);
        expect(gone).toMatchObject({ outcome: 'failed', attempts: 3, error: { code: 'SERVER_UNAVAILABLE' } });
        expect(good).toMatchObject({ outcome: 'succeeded' });
      } finally {
        await own.stop();
      }
    },
  );
});
