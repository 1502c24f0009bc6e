import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { spawnSealer } from '../../worker/evidence/spawn.ts';
import { builtFile } from '../../worker/temporal/bundle.ts';
import { sealId } from '../../workflows/messages.ts';
import { EVIDENCE, signingKey, verified } from '../support/evidence/sealing.ts';
import { isAlive } from '../support/processes/isAlive.ts';
import { eventually, Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';

/** Has a session to its end, and its seal whole. @returns its id */
async function sealed(harness: Harness): Promise<string> {
  const id = await harness.running();
  await harness.custody.session(id).call('journal.append', { text: 'one' }, { callId: 'one' });
  await harness.custody.session(id).complete({ reason: 'done' });
  await harness.custody.temporal.workflow.getHandle(sealId(id)).result();
  return id;
}

test('A4: a process of low priority seals, is started again when it dies, and ends with its worker', async () => {
  const { skey } = await signingKey();
  const harness = await Harness.start({ config: { evidence: EVIDENCE }, files: { 'evidence.key': skey } });
  onTestFinished(() => harness.stop());
  await harness.stopWorker();
  const pids: number[] = [];
  const write = (line: string): void => {
    const { msg, pid } = JSON.parse(line) as { msg: string; pid: number };
    if (msg === 'the sealer runs') pids.push(pid);
  };
  await harness.startWorker({ sealsApart: true, log: pino({ level: 'debug', base: null }, { write }) });
  const [first] = await eventually(() => pids.length === 1 && pids, 'the sealer runs');
  expect(getPriority(first)).toBe(constants.priority.PRIORITY_LOW);
  expect(await verified(harness, await sealed(harness))).toMatchObject({ isSound: true });

  process.kill(first!, 'SIGKILL');
  const [, second] = await eventually(() => pids.length === 2 && pids, 'another sealer runs');
  expect(await verified(harness, await sealed(harness))).toMatchObject({ isSound: true });

  await harness.stopWorker();
  expect(() => process.kill(second!, 0)).toThrow('ESRCH');
});

test('A4: a sealer whose worker dies before it has begun is not left behind', async () => {
  const child = fork(builtFile('worker/evidence/sealerProcess.js'), [], { serialization: 'advanced' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const connection = { address: temporalAddress() };
  child.send({ connection, namespace: 'default', name: 'tester', config: { dir: '/' }, level: 'silent' });
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('A4: a sealer that hangs is killed once its time to stop is over, and its worker stops', async () => {
  const program = fileURLToPath(new URL('../support/processes/hanging.mjs', import.meta.url));
  const pids: number[] = [];
  const write = (line: string): void => void pids.push((JSON.parse(line) as { pid: number }).pid);
  const log = pino({ level: 'debug', base: null }, { write });
  const connection = { address: temporalAddress() };
  const told = { connection, namespace: 'default', name: 'tester', config: { dir: '/' }, log };
  const sealer = spawnSealer(told as never, { program, grace: 100 });
  const [pid] = await eventually(() => pids.length === 1 && pids, 'the sealer runs');
  onTestFinished(() => {
    if (isAlive(pid!)) process.kill(pid!, 'SIGKILL');
  });
  expect(isAlive(pid!)).toBe(true);
  await sealer.stop();
  expect(isAlive(pid!)).toBe(false);
});
