import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Custody } from '../../client/index.ts';
import type { Tuning } from '../../protocol/session-input.ts';
import { type Point, startWorkerProcess, type WorkerProcess } from './processes/workerProcess.ts';

/** The real filesystem server on the folder `files` beside custody.yaml. */
export const FILES_SERVER = {
  command: process.execPath,
  args: [createRequire(import.meta.url).resolve('@modelcontextprotocol/server-filesystem/dist/index.js'), './files'],
};
const NOT_FOUND = ['ENOENT', 'Parent directory does not exist'];
const toTrash = (source: string) => ({ tool: 'move_file', args: { source, destination: '.trash/${callKey}' } });
const readText = (path: string) => ({ tool: 'read_text_file', args: { path }, notFound: NOT_FOUND });

/** How the real filesystem server's effects are undone. It deletes nothing, so what is new goes to a trash folder. */
export const FILE_RULES = {
  'files.read_*': { effect: 'read-only' },
  'files.list_*': { effect: 'read-only' },
  'files.write_file': {
    effect: 'compensable',
    undo: {
      before: readText('${args.path}'),
      restore: { tool: 'write_file', args: { path: '${args.path}', content: '${before.content.0.text}' } },
      remove: toTrash('${args.path}'),
    },
  },
  'files.edit_file': {
    effect: 'compensable',
    undo: {
      before: readText('${args.path}'),
      restore: { tool: 'write_file', args: { path: '${args.path}', content: '${before.content.0.text}' } },
    },
  },
  'files.create_directory': {
    effect: 'compensable',
    undo: {
      before: { tool: 'list_directory', args: { path: '${args.path}' }, notFound: NOT_FOUND },
      remove: toTrash('${args.path}'),
    },
  },
  'files.move_file': {
    effect: 'compensable',
    undo: {
      before: readText('${args.destination}'),
      remove: { tool: 'move_file', args: { source: '${args.destination}', destination: '${args.source}' } },
    },
  },
};

/**
 * A folder that the real filesystem server writes to, workers as processes, and a client. Snapshots leave the trash
 * out.
 */
export class FilesScene {
  readonly custody: Custody;
  readonly files: string;
  /** Folder of the payload store. */
  readonly store: string;
  readonly #folder: string;
  readonly #address: string;
  readonly #workers: WorkerProcess[] = [];

  private constructor(custody: Custody, address: string, folder: string) {
    this.custody = custody;
    this.#address = address;
    this.#folder = folder;
    this.files = join(folder, 'files');
    this.store = join(folder, 'payloads');
  }

  /** @param tools more rules, by `server.tool` */
  static async open(address: string, tools: object = {}): Promise<FilesScene> {
    const folder = await mkdtemp(join(tmpdir(), 'custody-files-'));
    const custody = await Custody.connect({
      address,
      taskQueue: `files-${randomBytes(6).toString('hex')}`,
      actor: 'tester',
      store: join(folder, 'payloads'),
    });
    const scene = new FilesScene(custody, address, folder);
    await mkdir(join(scene.files, '.trash'), { recursive: true });
    await writeFile(
      scene.#config,
      JSON.stringify({
        store: { folder: './payloads' },
        servers: { files: FILES_SERVER },
        tools: { ...FILE_RULES, ...tools },
        profiles: { standard: { session: { timeout: '1h' } } },
      }),
    );
    return scene;
  }

  get #config(): string {
    return join(this.#folder, 'custody.yaml');
  }

  async worker(fault?: Point, name = 'alpha'): Promise<WorkerProcess> {
    const worker = await startWorkerProcess({
      config: this.#config,
      address: this.#address,
      taskQueue: this.custody.taskQueue,
      name,
      state: join(this.#folder, 'state'),
      fault,
    });
    this.#workers.push(worker);
    return worker;
  }

  async session(tuning: Tuning = {}): Promise<string> {
    return this.custody
      .start(
        { agent: { id: 'tester', version: '1.0.0' }, profile: 'standard', servers: ['files'] },
        { tuning: { recallWait: 3000, ...tuning } },
      )
      .then(({ id }) => id);
  }

  /**
   * Every file below a folder of the scene with its bytes, every folder with null. What a killed server left
   * half-written has a name of its own.
   */
  snapshot(below = '.'): ReadonlyMap<string, string | null> {
    const root = join(this.files, below);
    const found = new Map<string, string | null>();
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      const path = relative(root, join(entry.parentPath, entry.name));
      if (path.startsWith('.trash') || /\.[0-9a-f]{32}\.tmp$/.test(path)) continue;
      found.set(path, entry.isDirectory() ? null : readFileSync(join(root, path)).toString('base64'));
    }
    return new Map([...found].sort());
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()));
    await this.custody.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
