import { afterAll, beforeAll, expect, test } from 'vitest';
import { Custody } from '../../client/index.ts';
import { temporalAddress } from '../support/temporal.ts';
import { Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

const CODE = 'io.custody/code';

test('G1, U4: where no worker runs a client is told so, in words', async () => {
  const taskQueue = `nobody-${process.pid}`;
  const custody = await Custody.connect({ address: temporalAddress(), taskQueue });
  const { id } = await custody.start(desk.harness.spec({ servers: ['journal'] }));
  await custody.close();
  const { client } = await desk.connect('2025', [id, '--task-queue', taskQueue]);
  await expect(client.listTools()).rejects.toMatchObject({
    message: expect.stringContaining('NO_WORKER') as string,
    data: { [CODE]: 'NO_WORKER' },
  });
  expect(await client.callTool({ name: 'append', arguments: { text: 'nobody' } })).toMatchObject({
    isError: true,
    _meta: { [CODE]: 'NO_WORKER' },
    content: [
      { text: expect.stringMatching(/^NO_WORKER: No worker polls .*\nWhat to do: It passes by itself/) as string },
    ],
  });
  expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
    isError: true,
    _meta: { [CODE]: 'NO_WORKER' },
  });
});

test('G1, G3: a call that no worker took yet is parked, and custody_wait has it made, once', async () => {
  const id = await desk.session('journal');
  const { client } = await desk.connect('2025', [id, '--park-after', '2s']);
  await client.listTools();
  await desk.harness.stopWorker();
  const parked = await client.callTool({
    name: 'append',
    arguments: { text: 'alone' },
    _meta: { 'io.custody/call-id': 'alone-1' },
  });
  expect(parked).toMatchObject({ isError: true, _meta: { [CODE]: 'CALL_PARKED' } });
  await desk.harness.startWorker();
  await expect
    .poll(async () => client.callTool({ name: 'custody_wait', arguments: { callId: 'alone-1' } }), { timeout: 40_000 })
    .toMatchObject({ content: [{ text: 'appended alone' }] });
  expect(desk.harness.journal().filter(({ phase, args }) => phase === 'begin' && args.text === 'alone')).toHaveLength(
    1,
  );
});
