import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
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
  /** Where the session is served by HTTP, and a key for it; then there is no `custody` on the PATH. */
  readonly served?: { readonly url: string; readonly token: string };
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

  readonly #served: WorkplaceOptions['served'];

  private constructor(
    folder: string,
    sessionId: string,
    env: { readonly [name: string]: string },
    served: WorkplaceOptions['served'],
  ) {
    this.folder = folder;
    this.sessionId = sessionId;
    this.env = env;
    this.#served = served;
  }

  static async open({ within, name, taskQueue, server, fence, served }: WorkplaceOptions): Promise<Workplace> {
    const folder = join(within, name);
    const home = join(folder, 'home');
    const bin = join(folder, 'bin');
    await Promise.all([home, bin].map((each) => mkdir(each, { recursive: true })));
    const sessionId = `${name}-${process.pid}`;
    const env = { ...fence.env, HOME: home, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
    if (served) return new Workplace(folder, sessionId, { ...env, CUSTODY_TOKEN: served.token }, served);
    const place = new Workplace(folder, sessionId, env, undefined);
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

  /**
   * Copies a file of the examples here, with the paths, the Temporal or the gateway of this place, and returns its
   * path. Where there is one of the same name for a session that is served by HTTP, that one is for such a place.
   */
  async copy(file: string, to = file): Promise<string> {
    const path = join(this.folder, to);
    const byUrl = join(EXAMPLES, 'by-url', basename(file));
    const text = await readFile(this.#served && existsSync(byUrl) ? byUrl : join(EXAMPLES, file), 'utf8');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(
      path,
      text
        .replaceAll('/absolute/path/to', this.folder)
        .replaceAll('localhost:7233', temporalAddress())
        .replaceAll('http://localhost:8080', this.#served?.url ?? '')
        .replaceAll('cst_YOUR_KEY', this.#served?.token ?? ''),
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
