import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporalAddress } from '../support/temporal.ts';
import { type Background, custody, freePort, inBackground } from './harness.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

/** As pino numbers it. */
const INFO = 30;

const slow = (id: string, delayMs: number, callId: string) =>
  stage.sdk.session(id).call('journal.append', { text: 'x', delayMs }, { callId });
const running = (id: string) =>
  expect
    .poll(async () => (await stage.sdk.session(id).describe()).openCalls, { timeout: 10_000 })
    .toMatchObject([{ phase: 'running' }]);
const logOf = (worker: Background): { msg: string; level: number }[] =>
  worker
    .stderr()
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { msg: string; level: number });
const probe = async (port: unknown, path: string, host = '127.0.0.1'): Promise<number> =>
  (await fetch(`http://${host}:${String(port)}${path}`)).status;
/** An address of this machine that others reach it by; where it has none, another one of its loopback. */
const ELSEWHERE =
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';

/** Another worker in place of the stage's. */
const startWorker = (...args: string[]): Promise<Background> =>
  inBackground(
    [
      'worker',
      '--config',
      stage.folder.config,
      '--address',
      temporalAddress(),
      '--namespace',
      stage.namespace,
      ...args,
    ],
    { env: { CUSTODY_STATE_DIR: stage.folder.state } },
  );

describe('U2: custody worker', () => {
  test(
    'L6: SIGTERM drains: the call under way ends, its answer is kept, and no restart counted; probes, of this ' +
      'machine alone unless told, follow',
    async () => {
      await stage.worker.stop();
      const worker = await startWorker('--name', 'w', '--health-port', '0', '--max-cached', '50');
      expect(worker.said).toMatchObject({ worker: 'w', address: temporalAddress(), namespace: stage.namespace });
      expect(await probe(worker.said.healthPort, '/healthz')).toBe(200);
      expect(await probe(worker.said.healthPort, '/readyz')).toBe(200);
      expect(await probe(worker.said.healthPort, '/nothing')).toBe(404);
      await expect(probe(worker.said.healthPort, '/healthz', ELSEWHERE)).rejects.toThrow();

      const id = await stage.start();
      const call = slow(id, 1500, 'draining');
      call.catch(() => undefined); // It is awaited below.
      await running(id);
      worker.kill('SIGTERM');
      await expect.poll(() => probe(worker.said.healthPort, '/readyz').catch(() => 0), { interval: 20 }).toBe(503);
      expect(await probe(worker.said.healthPort, '/healthz')).toBe(200);
      expect(await worker.ended).toBe(0);

      const next = await startWorker('--name', 'w', '--health-port', '0', '--health-host', '0.0.0.0');
      expect(await probe(next.said.healthPort, '/healthz', ELSEWHERE)).toBe(200);
      expect(await call).toMatchObject({ outcome: 'succeeded', attempts: 1 });
      expect((await stage.sdk.session(id).describe()).restarts).toBe(0);
      expect(await next.stop()).toBe(0);
      expect(
        logOf(worker).filter(({ level }) => level >= 50),
        'errors',
      ).toEqual([]);
      expect(
        logOf(worker)
          .filter(({ level }) => level === INFO)
          .map(({ msg }) => msg),
        "the SDK's chatter is not at this level",
      ).toEqual(['worker runs', 'worker drains', 'worker drained']);
    },
  );

  test('a second signal ends it at once', async () => {
    const worker = await startWorker('--name', 'w2');
    const id = await stage.start();
    void slow(id, 2500, 'cut').catch(() => undefined);
    await running(id);
    worker.kill('SIGINT');
    await expect.poll(() => worker.stderr()).toContain('worker drains');
    worker.kill('SIGINT');
    expect(await worker.ended).toBe(130);
  });

  test(
    'U4: an operator file with mistakes, a namespace without set-up, a Temporal that is not there: each by its ' +
      'code',
    async () => {
      const bad = await stage.folder.write('bad.yaml', 'servers: {}\nprofles: {}\n');
      const nowhere = `127.0.0.1:${await freePort()}`;
      const [config, missing, namespace, address] = await Promise.all([
        custody(['worker', '--config', bad]),
        custody(['worker'], { cwd: stage.folder.state }),
        custody(['worker', '--config', stage.folder.config, '--address', temporalAddress(), '--namespace', 'nowhere']),
        custody(['worker', '--config', stage.folder.config, '--address', nowhere, '--health-port', '0']),
      ]);
      expect(config).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^CONFIG_INVALID: [^]*bad\.yaml:2:1/),
      });
      expect(missing).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^CONFIG_MISSING: [^]*custody\.yaml +does not exist/),
      });
      expect(namespace).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^NAMESPACE_NOT_FOUND: .*\n.*custody setup/),
      });
      expect(address).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(new RegExp(`^TEMPORAL_UNAVAILABLE: .*${nowhere}`)),
      });
    },
  );
});
