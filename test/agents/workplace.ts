import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporalAddress } from '../support/temporal.ts';
import type { Fence } from './fence.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/agents', import.meta.url));
const BINARY = fileURLToPath(new URL('../../dist/cli/custody.js', import.meta.url));

export interface WorkplaceOptions {
  /** The folder to make it in. */
  readonly within: string;
  readonly name: string;
  readonly taskQueue: string;
  /** The server of the session. */
  readonly server: string;
  readonly fence: Fence;
}

/**
 * Where an example of examples/agents runs: a folder with a spec and a home of its own, the `custody` on the PATH, and
 * no way to the outside. The examples do not say which task queue, and all tests share one Temporal: so each session
 * has an id of its own here.
 */
export class Workplace {
  readonly folder: string;
  readonly sessionId: string;
  readonly env: { readonly [name: string]: string };

  private constructor(folder: string, sessionId: string, env: { readonly [name: string]: string }) {
    this.folder = folder;
    this.sessionId = sessionId;
    this.env = env;
  }

  static async open({ within, name, taskQueue, server, fence }: WorkplaceOptions): Promise<Workplace> {
    const folder = join(within, name);
    const home = join(folder, 'home');
    const bin = join(folder, 'bin');
    await Promise.all([home, bin].map((each) => mkdir(each, { recursive: true })));
    const sessionId = `${name}-${process.pid}`;
    const place = new Workplace(folder, sessionId, {
      ...fence.env,
      HOME: home,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    });
    await place.copy('session.yaml');
    const spec = join(folder, 'session.yaml');
    await writeFile(spec, (await readFile(spec, 'utf8')).replace('[files]', `[${server}]`));
    await writeFile(
      join(bin, 'custody'),
      [
        '#!/bin/sh',
        `export CUSTODY_STORE='${process.env['CUSTODY_STORE'] ?? ''}'`,
        `exec '${process.execPath}' '${BINARY}' --task-queue '${taskQueue}' "$@" --id '${sessionId}'`,
        '',
      ].join('\n'),
    );
    await chmod(join(bin, 'custody'), 0o755);
    return place;
  }

  /** Copies a file of the examples here, with the paths and the Temporal of this place, and returns its path. */
  async copy(file: string, to = file): Promise<string> {
    const path = join(this.folder, to);
    const text = await readFile(join(EXAMPLES, file), 'utf8');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      text.replaceAll('/absolute/path/to', this.folder).replaceAll('localhost:7233', temporalAddress()),
    );
    return path;
  }
  /** Makes the packages of a folder those of the programs here. */
  async use(packages: string): Promise<void> {
    const link = join(this.folder, 'node_modules');
    await rm(link, { force: true });
    await symlink(join(packages, 'node_modules'), link);
  }
}
