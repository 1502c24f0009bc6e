import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startWorkerProcess } from '../../support/processes/workerProcess.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';
import { Desk } from '../desk.ts';

const TELLING = fileURLToPath(new URL('../../servers/telling.mjs', import.meta.url));

test('G1, L6: a call whose worker is killed is heard on, and its progress goes on increasing', async () => {
  const desk = await Desk.open();
  try {
    const { harness } = desk;
    const gate = join(harness.dir, 'gate-');
    await harness.stopWorker();
    await harness.configure({
      servers: { telling: { command: process.execPath, args: [TELLING, '--gate', gate] } },
      tools: { 'telling.tell': { effect: 'read-only' } },
    });
    const first = await startWorkerProcess({
      config: join(harness.dir, 'custody.yaml'),
      address: temporalAddress(),
      taskQueue: harness.custody.taskQueue,
      name: 'tester',
      state: join(harness.dir, 'state'),
    });
    const { client } = await desk.connect('2025', [await desk.session('telling')]);
    await client.listTools();
    const said: { readonly progress: number; readonly total?: number | undefined }[] = [];
    client.setNotificationHandler('notifications/progress', ({ params: { progress, total } }) => {
      said.push({ progress, total });
    });
    const steps = [{ progress: 1, total: 3 }, { progress: 2, total: 3 }, { gate: 'on' }];
    const call = { name: 'tell', arguments: { steps }, _meta: { progressToken: 1 } };
    const answer = client.callTool(call, { timeout: 170_000 });
    await until('the first words', () => said.some(({ progress }) => progress === 2));
    await first.kill();
    await harness.startWorker();
    await writeFile(`${gate}on`, '');
    await answer;
    // Between the attempts the session says how it stands.
    expect(said.filter(({ total }) => total === 3)).toHaveLength(4);
    const told = said.map(({ progress }) => progress);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(told.slice(0, 2)).toEqual([1, 2]);
    expect(told.at(-1)).toBeLessThan(2.1);
  } finally {
    await desk.close();
  }
});
