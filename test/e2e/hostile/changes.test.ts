import { describe, expect, test } from 'vitest';
import { harness, session, call, livesOn, onHostileServers } from './stage.ts';

onHostileServers();

describe('L5, P5: tools that change', () => {
  test.concurrent(
    'with a notice: the next call pauses the session, and goes on once the change is accepted',
    async () => {
      const id = await session('change-tools');
      expect(await call(id, 'change-tools.poke', 'first')).toMatchObject({ outcome: 'succeeded' });
      await call(id, 'change-tools.poke', 'second');
      expect(await harness.custody.session(id).describe()).toMatchObject({
        state: 'PAUSED',
        cause: 'incident',
        reason: expect.stringMatching(/^TOOL_CHANGED: .*'change-tools\.poke'/) as string,
        openCalls: [{ callId: 'second', phase: 'queued' }],
      });
      await harness.custody.session(id).resume({ reason: 'try as it is' });
      expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'incident',
        reason: expect.stringContaining('change-tools.poke') as string,
      });
      await harness.custody.session(id).resume({ reason: 'looked at it', acceptChanges: true });
      expect(await harness.custody.session(id).call('change-tools.poke', {}, { callId: 'second' })).toMatchObject({
        outcome: 'succeeded',
      });
      await livesOn(id);
    },
  );

  test.concurrent('without a notice: a resume finds out', async () => {
    const id = await session('change-silently');
    expect(await call(id, 'change-silently.poke', 'first')).toMatchObject({ outcome: 'succeeded' });
    await harness.custody.session(id).pause();
    await harness.custody.session(id).resume();
    expect(await harness.until(id, ({ state }) => state === 'PAUSED' || state === 'RUNNING')).toMatchObject({
      state: 'PAUSED',
      cause: 'incident',
      reason: expect.stringContaining('change-silently.poke') as string,
    });
    await harness.custody.session(id).resume({ acceptChanges: true });
    expect(await harness.custody.session(id).call('change-silently.poke', {}, { callId: 'second' })).toMatchObject({
      outcome: 'succeeded',
    });
    await livesOn(id);
  });
});
