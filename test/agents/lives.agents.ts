import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkerProcess } from '../support/processes/workerProcess.ts';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { type Fence, startFence } from './fence.ts';
import { CLAUDE_AGENT_SDK } from './frameworks/claude.ts';
import { OPENCLAW } from './frameworks/openClaw.ts';
import type { Script, Turn } from './model/model.ts';
import { Stage } from './stage.ts';
import { tableOf, withTable } from './table.ts';

const AGENTS = [CLAUDE_AGENT_SDK, OPENCLAW];
const PAGE = fileURLToPath(new URL('../../docs/agents.md', import.meta.url));

/** Milliseconds of a pause: longer than the 60 s after which most clients give a request up. */
const PAUSE = 66_000;
const REPEATS = 25;

const append = (text: string, more: object = {}): Turn => ({ tool: 'append', args: { text, ...more } });

/** A model that wants one call, and then does what the answers say: as long as they name custody_wait, it waits. */
const obedient =
  (turn: Turn): Script =>
  (results) => {
    if (results.length === 0) return turn;
    const last = results.at(-1) ?? '';
    const [, callId] =
      /custody_wait with \{"callId":"([^"]+)"\}/.exec(last) ?? /as the call '([^']+)'/.exec(last) ?? [];
    return callId === undefined ? undefined : { tool: 'custody_wait', args: { callId } };
  };

interface Life {
  /** The scenario, in the words of the table. */
  readonly what: string;
  readonly slug: string;
  /** Requirements that it shows. */
  readonly ids: string;
  /** How often the tool must have been begun. */
  readonly made: number;
  live(stage: Stage, replaceWorker: () => Promise<void>): Promise<void>;
}

const LIVES: readonly Life[] = [
  {
    what: 'a call',
    slug: 'call',
    ids: 'G1',
    made: 1,
    async live(stage) {
      const agent = await stage.agent(obedient(append('call')));
      await agent.said;
    },
  },
  {
    what: `a pause of ${PAUSE / 1000} s before its call`,
    slug: 'pause',
    ids: 'G3, L4',
    made: 1,
    async live(stage) {
      const script = obedient(append('pause'));
      let paused = false;
      const agent = await stage.agent(async (results) => {
        if (!paused) await stage.session.pause({ reason: 'lunch' });
        paused = true;
        return script(results);
      });
      await until('the call in the session', async () => paused && (await hasOpenCall(stage)), 120_000);
      await delay(PAUSE);
      expect(stage.made('pause')).toBe(0);
      await stage.session.resume({ reason: 'back' });
      await agent.said;
    },
  },
  {
    what: 'it is killed in mid-call, the call ends, and it starts again with the same task',
    slug: 'killed',
    ids: 'L10, E4',
    made: 1,
    async live(stage) {
      const script = obedient(append('killed', { gate: 'killed' }));
      const first = await stage.agent(script);
      await until('the call under way', () => stage.made('killed') === 1, 120_000);
      await first.kill();
      stage.scene.journal.open('killed');
      await until('the call at its end', async () => !(await hasOpenCall(stage)));
      const second = await stage.agent(script);
      await second.said;
    },
  },
  {
    what: 'the worker is killed in mid-call, and somebody finds that the call was carried out',
    slug: 'worker',
    ids: 'L6, E3',
    made: 1,
    async live(stage, replaceWorker) {
      const agent = await stage.agent(obedient(append('worker', { gate: 'never' })));
      await until('the call under way', () => stage.made('worker') === 1, 120_000);
      await replaceWorker();
      const inDoubt = await until('the call in doubt', async () => {
        const { openCalls } = await stage.session.describe();
        return openCalls.find(({ phase }) => phase === 'in_doubt');
      });
      await stage.session.resolve(inDoubt.callId, 'succeeded', { reason: 'looked it up' });
      await agent.said;
    },
  },
  {
    what: `the same call ${REPEATS} times in a row`,
    slug: 'runaway',
    ids: 'T4',
    made: 20,
    async live(stage) {
      const agent = await stage.agent((results) => (results.length < REPEATS ? append('runaway') : undefined));
      await agent.said;
      expect(await stage.session.describe()).toMatchObject({ state: 'PAUSED', cause: 'incident' });
    },
  },
  {
    what: 'its session has ended',
    slug: 'ended',
    ids: 'G1, U4',
    made: 0,
    async live(stage) {
      await stage.begin();
      await until('the session open', async () => (await stage.session.describe()).state === 'RUNNING');
      await stage.session.complete({ reason: 'done' });
      await stage.session.wait();
      const agent = await stage.agent(obedient(append('ended')));
      await agent.said;
    },
  },
];

const hasOpenCall = async ({ session }: Stage): Promise<boolean> => (await session.describe()).openCalls.length > 0;

const rows = LIVES.map(({ what }) => ({ what, cells: new Map<string, string>() }));
const scenes = new Map<string, Scene>();
const workers = new Map<string, WorkerProcess>();
let folder: string;
let fence: Fence;

beforeAll(async () => {
  [fence, folder] = await Promise.all([startFence(), mkdtemp(join(tmpdir(), 'custody-agents-'))]);
  for (const { name } of AGENTS) {
    const scene = await Scene.open({ address: temporalAddress() });
    scenes.set(name, scene);
    workers.set(name, await scene.worker());
  }
});
afterAll(async () => {
  for (const scene of scenes.values()) await scene.close();
  await fence?.close();
  await rm(folder, { recursive: true, force: true });
});

for (const { what, slug, ids, made, live } of LIVES) {
  describe(`${ids}: ${what}`, () => {
    for (const agent of AGENTS) {
      test.concurrent(agent.name, async ({ onTestFinished }) => {
        const scene = scenes.get(agent.name) as Scene;
        const stage = await Stage.open(scene, agent, slug, folder, fence);
        onTestFinished(() => stage.close());
        await live(stage, async () => {
          await workers.get(agent.name)?.kill();
          workers.set(agent.name, await scene.worker());
        });
        const cell = `${stage.seen}; ${times(stage.made(slug))}`;
        rows.find((row) => row.what === what)?.cells.set(agent.name, cell);
        expect(stage.offered.filter((tool) => !agent.offers.test(tool))).toEqual([]);
        expect(stage.made(slug), cell).toBe(made);
      });
    }
  });
}

test('none of them asked for anything outside of this machine', () => {
  expect(fence.asked).toEqual([]);
});

test('docs/agents.md has the table of this run; -u writes it', async () => {
  expect(rows.filter(({ cells }) => cells.size < AGENTS.length)).toEqual([]);
  const page = withTable(
    await readFile(PAGE, 'utf8'),
    tableOf(
      AGENTS.map(({ name }) => name),
      rows,
    ),
  );
  await expect(page).toMatchFileSnapshot(PAGE);
});

const times = (made: number): string => (made === 0 ? 'not made' : made === 1 ? 'made once' : `made ${made} times`);
