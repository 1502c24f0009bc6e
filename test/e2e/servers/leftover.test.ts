import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { Harness } from '../../support/harness.ts';
import { until } from '../../support/until.ts';

const JOURNAL_SERVER = fileURLToPath(new URL('../../servers/journal.mjs', import.meta.url));

describe('L1: a session that ends leaves no process of a server behind', () => {
  let harness: Harness;
  const journalOf = (server: string): string => join(harness.dir, `${server}.jsonl`);
  const isLeft = async (server: string): Promise<boolean> =>
    (await promisify(execFile)('ps', ['-axo', 'args'])).stdout.includes(
      `${JOURNAL_SERVER} --journal ${journalOf(server)}`,
    );

  beforeAll(async () => {
    harness = await Harness.start();
    const server = (name: string) => ({
      command: process.execPath,
      args: [JOURNAL_SERVER, '--journal', journalOf(name)],
    });
    // Ends without a word once the other server has begun its journal.
    const late = { command: 'sh', args: ['-c', `until [ -e '${journalOf('second')}' ]; do sleep 0.05; done; exit 1`] };
    await harness.stopWorker();
    const unborn = { url: `http://127.0.0.1:${await freePort()}/mcp` };
    await harness.configure({ servers: { first: server('first'), second: server('second'), late, unborn } });
    await harness.startWorker();
  });
  afterAll(() => harness?.stop());

  test('though no call was made', async () => {
    const id = await harness.running({ servers: ['first'] });
    expect(await isLeft('first')).toBe(true);
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    await until('the server ended', async () => !(await isLeft('first')));
  });

  test('though another server could not be opened meanwhile', async () => {
    const { id } = await harness.custody.start(harness.spec({ servers: ['second', 'late'] }));
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'SERVER_UNAVAILABLE' });
    await until('the server ended', async () => !(await isLeft('second')));
  });

  test('though it was cancelled while it waited for another server', async () => {
    const { id } = await harness.custody.start(harness.spec({ servers: ['first', 'unborn'] }));
    await until('the first server runs', () => isLeft('first'));
    await harness.custody.session(id).cancel({ reason: 'enough' });
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'SESSION_CANCELLED' });
    await until('the server ended', async () => !(await isLeft('first')));
  });
});
