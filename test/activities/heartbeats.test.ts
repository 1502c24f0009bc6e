import { Context } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ActivityDeps } from '../../activities/deps.ts';
import { type Heartbeats, heartbeats } from '../../activities/heartbeats/heartbeats.ts';
import type { SendingMark } from '../../protocol/calls/marks.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { Harness } from '../support/harness.ts';
import { until } from '../support/until.ts';

const worker = { name: 'w', boot: 'b', afterDrain: false };
const plain = { sending: false, worker } satisfies SendingMark;
const sending = { sending: true, worker } satisfies SendingMark;

/**
 * What Temporal has, and the SDK's way to it: one heartbeat is on its way at a time, until `arrive`, and of those that
 * wait behind it the last alone goes on.
 */
class Way {
  last: unknown;
  onItsWay: readonly unknown[] = [];
  looks = 0;
  private waiting: readonly unknown[] = [];
  readonly by: Pick<ActivityDeps, 'mark' | 'lastHeartbeat'> = {
    mark: async (_token, mark) => {
      this.last = mark;
    },
    lastHeartbeat: async () => {
      this.looks += 1;
      return this.last;
    },
  };

  send(details: unknown): void {
    if (this.onItsWay.length === 0) this.onItsWay = [details];
    else this.waiting = [details];
  }

  arrive(): void {
    [this.last] = this.onItsWay;
    this.onItsWay = this.waiting;
    this.waiting = [];
  }
}

describe('L6: the sending mark of a call', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => vi.useRealTimers());

  /** Runs an attempt that sends its heartbeats by `way`. */
  async function attempt(way: Way, body: (beats: Heartbeats, env: MockActivityEnvironment) => Promise<void>) {
    const env = new MockActivityEnvironment();
    env.on('heartbeat', (details) => way.send(details));
    await env.run(async () => {
      const beats = heartbeats(plain);
      await body(beats, env).finally(beats.stop);
    });
  }

  test('is not taken for written while a heartbeat that was begun before may come after it', () => {
    const way = new Way();
    return attempt(way, async (beats) => {
      vi.advanceTimersByTime(2000);
      expect(way.onItsWay).toEqual([plain]);
      let written = false;
      const marking = beats.mark(sending, way.by).then(() => {
        written = true;
      });
      await until('it has looked', () => way.looks >= 3);
      expect(way.last, 'it came by its own way').toEqual(sending);
      expect(written).toBe(false);
      way.arrive();
      expect(way.last, 'what was on its way came after it').toEqual(plain);
      const before = way.looks;
      await until('it has looked again', () => way.looks >= before + 3);
      expect(written).toBe(false);
      way.arrive();
      await marking;
      vi.advanceTimersByTime(3000);
      for (; way.onItsWay.length > 0; way.arrive()) expect(way.onItsWay).toMatchObject([{ sending: true }]);
      expect(way.last).toMatchObject({ sending: true });
    });
  });

  test('costs one round trip where no heartbeat was begun before, and all that follow say it', () => {
    const way = new Way();
    return attempt(way, async (beats) => {
      await beats.mark(sending, way.by);
      expect(way).toMatchObject({ last: sending, looks: 0, onItsWay: [] });
      beats.add({ progress: { callId: 'c', progress: 1 } });
      vi.advanceTimersByTime(1000);
      expect(way.onItsWay).toEqual([{ ...sending, progress: { callId: 'c', progress: 1 } }]);
    });
  });

  test('is given up where the attempt is cancelled, or Temporal waits for it no more', async () => {
    const way = new Way();
    await attempt(way, async (beats, env) => {
      vi.advanceTimersByTime(1000);
      const marking = beats.mark(sending, way.by);
      env.cancel();
      await expect(marking).rejects.toThrow('CANCELLED');
    });
    await attempt(way, async (beats) => {
      vi.advanceTimersByTime(1000);
      const gone = async (): Promise<never> => {
        throw new Error('gone');
      };
      await expect(beats.mark(sending, { ...way.by, lastHeartbeat: gone })).rejects.toThrow('gone');
    });
  });
});

describe('L6: a call whose preparation takes so long that heartbeats go before the mark', () => {
  let harness: Harness | undefined;
  afterAll(() => harness?.stop());

  test('is sent once Temporal has the mark by their way, too', async () => {
    const seen: unknown[] = [];
    const wrap = (deps: ActivityDeps): ActivityDeps => {
      const last = () => {
        const { workflowExecution, activityId } = Context.current().info;
        return workflowExecution && deps.lastHeartbeat(workflowExecution, activityId);
      };
      const acquire: ActivityDeps['connections']['acquire'] = async (...args) => {
        const connection = await deps.connections.acquire(...args);
        if (Context.current().info.activityType !== 'callTool') return connection;
        await until('Temporal has a heartbeat from before the mark', async () => (await last()) !== undefined);
        seen.push(await last());
        const call: typeof connection.call = async (...rest) => {
          seen.push(await last());
          return connection.call(...rest);
        };
        return { ...connection, call };
      };
      return { ...deps, connections: { ...deps.connections, acquire } };
    };
    installRuntime(pino({ level: 'silent' }));
    harness = await Harness.start({ worker: { wrap } });
    const id = await harness.running();
    const answer = await harness.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'c' });
    expect(answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    expect(seen).toMatchObject([{ sending: false }, { sending: true, inOrder: true }]);
  });
});
