import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CustodyError, type Entry, type SessionView } from '../../client/index.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import { FilesScene } from '../support/filesScene.ts';
import { Random, seed } from '../support/random.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { WorkerProcess } from '../support/processes/workerProcess.ts';

/** Sessions, each with choices of its own; CUSTODY_SEEDS=200 for a long run. */
const SEEDS = Number(process.env['CUSTODY_SEEDS'] ?? 16);
const AT_ONCE = 8;
const STEPS = 12;
const TEXTS = ['one', 'two\r\n', 'drei ✓\n', 'x'.repeat(3000)] as const;
const PATHS = ['a.txt', 'b.txt', 'c.txt', 'sub/d.txt', 'sub/e.txt'] as const;

/** One session at a folder of its own, with its choices. */
class Life {
  readonly id: string;
  readonly #scene: FilesScene;
  readonly #random: Random;
  readonly #folder: string;
  /** What each call could have changed. */
  readonly #touched = new Map<string, readonly string[]>();
  readonly #snapshots = new Map<string | undefined, ReadonlyMap<string, string | null>>();

  constructor(scene: FilesScene, id: string, random: Random, folder: string) {
    this.#scene = scene;
    this.id = id;
    this.#random = random;
    this.#folder = folder;
    mkdirSync(join(scene.files, folder, 'sub'), { recursive: true });
  }

  /**
   * Works, goes back to a random point, and says whether everything is as it was there, or what is on record as
   * remaining.
   */
  async live(): Promise<'equal' | 'named'> {
    this.#snapshots.set(undefined, this.#scene.snapshot(this.#folder));
    for (let n = 0; n < STEPS; n += 1) {
      await this.#step(n);
      if (this.#random.next() > 0.3) continue;
      await this.#scene.custody.session(this.id).checkpoint(`c${n}`);
      this.#snapshots.set(`c${n}`, this.#scene.snapshot(this.#folder));
    }
    const to = this.#random.pick([...this.#snapshots.keys()] as [string | undefined, ...(string | undefined)[]]);
    await this.#scene.custody.session(this.id).rollback({ to, reason: 'the model says so' });
    const view = await until(
      'back',
      async () => {
        const now = await this.#scene.custody.session(this.id).describe();
        return now.state === 'PAUSED' || now.state === 'FAILED' ? now : undefined;
      },
      400_000,
    );
    return this.#compare(view, this.#snapshots.get(to) ?? new Map());
  }

  async #step(n: number): Promise<void> {
    const path = (): string => join(this.#folder, this.#random.pick(PATHS as unknown as [string, ...string[]]));
    const content = (): string => this.#random.pick(TEXTS as unknown as [string, ...string[]]);
    const [tool, args] = this.#random.pick<[string, JsonObject]>([
      ['write_file', { path: path(), content: content() }],
      ['write_file', { path: path(), content: content() }],
      ['edit_file', { path: path(), edits: [{ oldText: 'o', newText: '0' }] }],
      ['move_file', { source: path(), destination: path() }],
      ['create_directory', { path: join(this.#folder, `folder-${this.#random.between(1, 3)}`) }],
      ['read_text_file', { path: path() }],
    ]);
    await this.#call(tool, args, `op-${n}`);
  }

  /** A call in doubt is settled by what is there to be seen, as a person would do it. */
  async #call(tool: string, args: JsonObject, callId: string): Promise<void> {
    this.#touched.set(
      callId,
      ['path', 'source', 'destination'].flatMap((key) =>
        typeof args[key] === 'string' ? [relative(this.#folder, args[key])] : [],
      ),
    );
    try {
      await this.#scene.custody.session(this.id).call(`files.${tool}`, args, { callId, wait: false });
    } catch (error) {
      if (!(error instanceof CustodyError) || error.code !== 'CALL_PARKED') throw error;
      const open = await until(
        'settled or in doubt',
        async () => {
          const view = await this.#scene.custody.session(this.id).describe();
          const call = view.openCalls.find((each) => each.callId === callId);
          return call === undefined ? 'ended' : call.phase === 'in_doubt' ? 'in doubt' : undefined;
        },
        60_000,
      );
      if (open === 'in doubt')
        await this.#scene.custody
          .session(this.id)
          .resolve(callId, this.#happened(tool, args) ? 'succeeded' : 'failed', {
            reason: 'as it looks',
          });
    }
  }

  #happened(tool: string, args: JsonObject): boolean {
    const at = (name: string): string => join(this.#scene.files, String(args[name]));
    const text = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
    if (tool === 'write_file') return text(at('path')) === args['content'];
    if (tool === 'edit_file') return text(at('path'))?.includes('0') === true;
    if (tool === 'move_file') return existsSync(at('destination')) && !existsSync(at('source'));
    return existsSync(at('path'));
  }

  async #compare(view: SessionView, wanted: ReadonlyMap<string, string | null>): Promise<'equal' | 'named'> {
    const is = this.#scene.snapshot(this.#folder);
    const differs = [...new Set([...is.keys(), ...wanted.keys()])].filter((path) => is.get(path) !== wanted.get(path));
    if (differs.length === 0) return 'equal';
    const named = (await entriesOf(this.#scene, this.id))
      .filter(({ kind }) => kind === 'not-undone')
      .map(({ text }) => /\((op-\d+)\)/.exec(text)?.[1] ?? '');
    const explained = named.flatMap((callId) => this.#touched.get(callId) ?? []);
    expect(
      differs.filter((path) => !explained.includes(path)),
      `differ in ${this.id} (${view.reason}), and no call that is named as remaining touched them`,
    ).toEqual([]);
    return 'named';
  }
}

async function entriesOf(scene: FilesScene, id: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of scene.custody.session(id).watch({ follow: false })) entries.push(entry);
  return entries;
}

/** Processes of MCP servers that a worker has started. */
const serversOf = ({ pid }: WorkerProcess): number[] => {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .map(Number)
      .filter((each) => each > 0);
  } catch {
    return [];
  }
};

test(
  `L7: after random work under random kills, ${SEEDS} folders are as at a checkpoint, or what remains is named`,
  async ({ onTestFinished }) => {
    const random = new Random(seed());
    const scene = await FilesScene.open(temporalAddress());
    onTestFinished(() => scene.close());
    let worker = await scene.worker();
    const count = { equal: 0, named: 0, servers: 0, workers: 0 };
    for (let begun = 0; begun < SEEDS; begun += AT_ONCE) {
      const lives = await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, SEEDS - begun) }, async (_, index) => {
          const id = await scene.session();
          await until('running', async () => (await scene.custody.session(id).describe()).state === 'RUNNING', 60_000);
          return new Life(scene, id, new Random(random.between(0, 2 ** 30)), `s${begun + index}`);
        }),
      );
      let isOver = false;
      const killer = (async () => {
        for (let kills = 0; !isOver && kills < 8; kills += 1) {
          await delay(random.between(200, 1500));
          if (random.next() < 0.15) {
            count.workers += 1;
            await worker.kill();
            worker = await scene.worker();
          } else {
            const [first, ...rest] = serversOf(worker);
            if (first === undefined) continue;
            count.servers += 1;
            process.kill(random.pick([first, ...rest]), 'SIGKILL');
          }
        }
      })();
      const ends = await Promise.all(lives.map((life) => life.live())).finally(() => {
        isOver = true;
      });
      await killer;
      for (const end of ends) count[end] += 1;
    }
    console.log(
      `${count.equal} of ${SEEDS} folders equal byte for byte, ${count.named} with what remains named; ` +
        `killed: ${count.servers} servers, ${count.workers} workers`,
    );
    expect(count.equal + count.named).toBe(SEEDS);
  },
  120_000 + SEEDS * 15_000,
);
