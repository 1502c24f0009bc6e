import { Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:http2';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../cli/doctor/check.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { temporalAddress } from '../support/temporal.ts';
import { custody, type Folder, freePort, operatorFolder } from './harness.ts';

let folder: Folder;
beforeAll(async () => {
  folder = await operatorFolder();
});
afterAll(() => folder?.remove());

const names = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
const setup = (namespace: string, ...args: string[]) =>
  custody(['setup', '--address', temporalAddress(), '--namespace', namespace, ...args]);

async function doctor(
  ...args: string[]
): Promise<{ code: number | null; ok: boolean; check(name: string): Check | undefined; stdout: string }> {
  const { code, stdout } = await custody(['doctor', '--json', ...args], {
    cwd: folder.path.replace(/\/[^/]*$/, ''),
    env: { PATH: dirname(process.execPath) },
  });
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
  return { code, ok, check: (name) => checks.find((each) => each.name === name), stdout };
}

describe('U5: custody setup', () => {
  test(
    'makes a namespace, says what it changed, and changes nothing the second time; doctor agrees before and ' + 'after',
    async () => {
      const namespace = `setup-${randomUUID()}`;
      const before = await doctor('--address', temporalAddress(), '--namespace', namespace);
      expect(before).toMatchObject({ code: 1, ok: false });
      expect(before.check('namespace')).toMatchObject({
        status: 'fail',
        remedy: expect.stringContaining('custody setup'),
      });
      expect(before.check('search attributes')).toMatchObject({ status: 'skip' });

      const first = await setup(namespace, '--json');
      expect(first.code, first.stderr).toBe(0);
      expect(JSON.parse(first.stdout)).toEqual({
        namespace,
        changes: [
          `namespace ${namespace} created, retention 30 days`,
          ...names.map((name) => expect.stringContaining(name)),
        ],
      });
      expect(await setup(namespace)).toMatchObject({
        code: 0,
        stdout: `Namespace ${namespace} has all that Custody needs.\n`,
      });

      const after = await doctor('--address', temporalAddress(), '--namespace', namespace);
      expect(after).toMatchObject({ code: 0, ok: true });
      for (const name of ['Node.js', 'native worker', 'Temporal', 'namespace', 'retention', 'search attributes'])
        expect(after.check(name)).toMatchObject({ status: 'ok' });
      expect(after.check('worker')).toMatchObject({
        status: 'warn',
        remedy: expect.stringContaining('custody worker'),
      });
    },
  );

  test('raises retention where it is asked to, and never lowers it', async () => {
    const namespace = `retention-${randomUUID()}`;
    await setup(namespace);
    expect((await setup(namespace, '--retention', '90d')).stdout).toContain('raised from 30 to 90 days');
    for (const days of ['30d', '30'])
      expect(await setup(namespace, '--retention', days)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('has all that'),
      });
    expect((await doctor('--address', temporalAddress(), '--namespace', namespace)).check('retention')).toMatchObject({
      status: 'ok',
      detail: '90 days',
    });
  });

  test('without an operator service it says what to do by hand, and is content once that is done', async () => {
    const cloud = await withoutOperatorService(temporalAddress());
    try {
      const [bare, ready] = [`bare-${randomUUID()}`, `ready-${randomUUID()}`];
      await setup(ready);
      const refused = await custody(['setup', '--address', cloud.address, '--namespace', bare]);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SETUP_MISSING: /) });
      expect(refused.stderr).toContain(`tcld namespace retention set --namespace ${bare} --retention-days 30`);
      for (const name of names) expect(refused.stderr).toContain(`"${name}=`);
      expect(await custody(['setup', '--address', cloud.address, '--namespace', ready])).toMatchObject({ code: 0 });
      expect((await doctor('--address', cloud.address, '--namespace', ready)).check('search attributes')).toMatchObject(
        { status: 'ok' },
      );
    } finally {
      await cloud.close();
    }
  });
});

describe('U4: custody doctor', () => {
  test('a Temporal that is not there fails, with what to do; the rest is skipped', async () => {
    const found = await doctor('--address', `127.0.0.1:${await freePort()}`);
    expect(found.code).toBe(1);
    expect(found.check('Temporal')).toMatchObject({ status: 'fail', remedy: expect.stringContaining('custody dev') });
    expect(found.check('worker')).toMatchObject({ status: 'skip' });
  });

  test('U5: a retention below 30 days and missing search attributes are found', async () => {
    const namespace = `short-${randomUUID()}`;
    const connection = await Connection.connect({ address: temporalAddress() });
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 3 * 24 * 60 * 60 } as never,
    });
    await expect
      .poll(() => connection.workflowService.countWorkflowExecutions({ namespace }).catch(() => undefined), {
        timeout: 20_000,
      })
      .toBeDefined();
    await connection.close();
    const found = await doctor('--address', temporalAddress(), '--namespace', namespace);
    expect(found.check('retention')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('3 days'),
      remedy: expect.stringContaining('custody setup'),
    });
    expect(found.check('search attributes')).toMatchObject({
      status: 'fail',
      detail: `missing: ${names.join(', ')}`,
      remedy: expect.stringContaining('custody setup'),
    });
    expect(found.code).toBe(1);
  });

  test(
    'E5: the payload store is named; one that cannot be used fails, and one that clients here do not have is ' +
      'warned of',
    async () => {
      const [servers, profiles] = [{ good: { command: 'no-such-program' } }, { standard: {} }];
      const own = await folder.write('own-store.yaml', { servers, profiles, store: { folder: './shared' } });
      const shared = join(folder.path, 'shared');
      expect((await doctor('--address', temporalAddress())).check('payload store')).toMatchObject({
        status: 'ok',
        detail: process.env.CUSTODY_STORE,
      });
      expect((await doctor('--address', temporalAddress(), '--config', own)).check('payload store')).toMatchObject({
        status: 'warn',
        detail: expect.stringContaining(shared),
        remedy: expect.stringContaining(`--store ${shared}`),
      });
      expect(
        (await doctor('--address', temporalAddress(), '--config', own, '--store', shared)).check('payload store'),
      ).toMatchObject({ status: 'ok', detail: shared });
      const found = await doctor('--address', temporalAddress(), '--store', join(own, 'inside-a-file'));
      expect(found.check('payload store')).toMatchObject({
        status: 'fail',
        detail: expect.stringContaining('ENOTDIR'),
      });
      expect(found.code).toBe(1);
    },
  );

  test('an operator file with mistakes fails with all of them; each check is one line and its remedy', async () => {
    const config = await folder.write('bad.yaml', 'servers: {}\nprofles: {}\n');
    const { code, stdout } = await custody(['doctor', '--address', temporalAddress(), '--config', config]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^ok {4}Node\.js: [^]*^fail {2}configuration: [^]*bad\.yaml:2:1[^]*1 failed, \d+ warnings?\.\n$/m,
    );
    expect(
      (await doctor('--address', temporalAddress(), '--config', join(folder.path, 'none.yaml'))).check('configuration'),
    ).toMatchObject({ status: 'fail', detail: expect.stringContaining('does not exist') });
  });
});

/**
 * A way to a real server on which, as on Temporal Cloud, there is no operator service, and nobody makes or changes a
 * namespace.
 */
async function withoutOperatorService(address: string): Promise<{ readonly address: string; close(): Promise<void> }> {
  const CLOSED = /operatorservice|\/(Register|Update)Namespace$/;
  const upstream = connect(`http://${address}`);
  const proxy = createServer();
  const sessions = new Set<{ destroy(): void }>();
  proxy.on('session', (session) => sessions.add(session));
  proxy.on('stream', (stream, headers) => {
    if (CLOSED.test(String(headers[':path']))) {
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12', 'grpc-message': 'unknown service' },
        { endStream: true },
      );
      return;
    }
    const call = upstream.request(headers);
    stream.pipe(call);
    call.on('response', (head, flags) => {
      const endsHere = (flags & 1) !== 0; // END_STREAM: an answer of headers alone
      stream.respond(head, endsHere ? { endStream: true } : { waitForTrailers: true });
      if (!endsHere) call.pipe(stream);
    });
    let trailers = {};
    call.on('trailers', (found) => (trailers = found));
    stream.on('wantTrailers', () => stream.sendTrailers(trailers));
    for (const each of [stream, call]) each.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async close() {
      for (const session of sessions) session.destroy();
      upstream.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
