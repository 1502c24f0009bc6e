import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/harness.ts';
import { harness } from '../harness.ts';
import { append, handle, running } from './harness.ts';

describe('L11: recover is refused', () => {
  test('for a session that runs, has ended, or never was, with a code each', async () => {
    const id = await running();
    await expect(harness.custody.session(id).recover({ reason: 'why not' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RECOVER',
      message: expect.stringContaining('RUNNING'),
    });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    await expect(harness.custody.session(id).recover({ reason: 'why not' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RECOVER',
      message: expect.stringContaining('COMPLETED'),
    });
    await expect(harness.custody.session('no-such-session').recover({ reason: 'why not' })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
  });

  test('where the last run was deleted', async () => {
    const id = await running();
    await append(id, 'a');
    await handle(id).terminate('pressed');
    await harness.custody.session(id).recover({ reason: 'by mistake' });
    const { runId } = await handle(id).describe();
    await harness.custody.temporal.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: id, runId },
    });
    await eventually(
      () =>
        handle(id)
          .describe()
          .then(
            () => undefined,
            () => true,
          ),
      'deleted',
    );
    await expect(harness.custody.session(id).recover({ reason: 'by mistake' })).rejects.toMatchObject({
      code: 'HISTORY_GONE',
    });
  });

  test.each([
    ['no object', { recover: 'all' }],
    ['nobody', { recover: {} }],
    ['the session itself', { recover: { by: { actor: 'custody', reason: 'x' } } }],
    ['no reason', { recover: { by: { actor: 'ann' } } }],
    ['a long name', { recover: { by: { actor: 'a'.repeat(300), reason: 'x' } } }],
    ['text beyond Unicode', { recover: { by: { actor: 'ann', reason: '\ud800' } } }],
    [
      'a state of its own',
      { recover: { by: { actor: 'ann', reason: 'x' } }, carried: { session: {}, record: 0, runs: 1 } },
    ],
  ])('for a run that somebody starts by hand with %s', async (_, input) => {
    const id = `hostile-${Math.random()}`;
    await harness.custody.temporal.workflow.start('custodySession', {
      workflowId: id,
      taskQueue: harness.custody.taskQueue,
      args: [input],
    });
    await expect(handle(id).result()).rejects.toMatchObject({ cause: { type: 'SPEC_INVALID' } });
  });

  test(
    'for a run that somebody starts by hand under an id that no session had; under that of a session that ' +
      'ended, it ends the same way',
    async () => {
      const by = { actor: 'mallory', reason: 'because' };
      const start = (workflowId: string) =>
        harness.custody.temporal.workflow.start('custodySession', {
          workflowId,
          taskQueue: harness.custody.taskQueue,
          args: [{ recover: { by } }],
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        });
      const nobody = `nobody-${Math.random()}`;
      await start(nobody);
      await expect(handle(nobody).result()).rejects.toMatchObject({ cause: { type: 'HISTORY_GONE' } });
      const id = await running();
      await harness.custody.session(id).complete({ reason: 'all done' });
      await harness.custody.session(id).wait();
      await start(id);
      expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED', reason: 'all done' });
    },
  );
});
