import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spec } from '../harness.ts';
import { openStage, type Stage } from '../stage.ts';

const WITHOUT_NATIVE = { node: ['--import', fileURLToPath(new URL('./withoutNative.mjs', import.meta.url))] };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

describe('U2: on a machine without the native worker', () => {
  test('commands that talk to Temporal work', async () => {
    const path = await stage.folder.write('spec.json', spec());
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await stage.runWith(WITHOUT_NATIVE, ...args);
      expect(code, stderr).toBe(0);
      return stdout;
    };
    expect(await run('start', path, '--id', 'light')).toBe('light\n');
    await expect
      .poll(async () => (await stage.sdk.session('light').describe()).state, { timeout: 10_000 })
      .toBe('RUNNING');
    await run('call', 'light', 'journal.append', '--args', '{"text":"a"}');
    await run('show', 'light');
    await run('list');
    await run('pause', 'light', '--reason', 'x');
    await stage.sdk.session('light').complete();
    await run('watch', 'light');
    await run('setup');
  });

  test('U4: `worker` says what is missing and how to get it, and `doctor` warns', async () => {
    const worker = await stage.runWith(WITHOUT_NATIVE, 'worker', '--config', stage.folder.config);
    expect(worker).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^NATIVE_WORKER_MISSING: .*\n  .*npm install @temporalio\/worker/),
    });
    const doctor = await stage.runWith(WITHOUT_NATIVE, 'doctor', '--json');
    expect(doctor.code).toBe(0);
    expect((JSON.parse(doctor.stdout) as { checks: object[] }).checks).toContainEqual(
      expect.objectContaining({
        name: 'native worker',
        status: 'warn',
        remedy: expect.stringContaining('npm install'),
      }),
    );
  });
});
