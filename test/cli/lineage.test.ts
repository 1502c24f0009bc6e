import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../cli/doctor/check.ts';
import type { SessionSummary } from '../../client/list/list.ts';
import type { SessionView } from '../../protocol/view.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { spec } from './harness.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

const show = async (id: string): Promise<SessionView> =>
  JSON.parse((await stage.run('show', id, '--json')).stdout) as SessionView;

describe('what the Temporal UI did to a session', () => {
  test(
    'L11: `show` says who terminated it and what to do, `recover` brings it back, `list` has it once, and ' +
      '`doctor` finds the watcher',
    async () => {
      await stage.runWith({ stdin: JSON.stringify(spec()) }, 'start', '-', '--id', 'cut-off');
      await until('it runs', async () => (await show('cut-off')).state === 'RUNNING', 30_000);
      const connection = await Connection.connect({ address: temporalAddress() });
      await connection.workflowService.terminateWorkflowExecution({
        namespace: stage.namespace,
        workflowExecution: { workflowId: 'cut-off' },
        reason: 'pressed',
        identity: 'bob',
      });
      await connection.close();
      const lost = await stage.run('show', 'cut-off');
      expect(lost.code).toBe(1);
      expect(lost.stderr).toMatch(
        /^SESSION_LOST: .*TERMINATED in Temporal since .*, by bob: pressed\n.*custody recover ID/,
      );

      const recovered = await stage.run('recover', 'cut-off', '--reason', 'by mistake');
      expect(recovered).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/state +PAUSED \(incident\)[^]*recovered: by mistake[^]*custody resume cut-off/),
      });
      const sessions = JSON.parse((await stage.run('list', '--json')).stdout) as SessionSummary[];
      expect(sessions.filter(({ id }) => id === 'cut-off')).toMatchObject([{ state: 'PAUSED' }]);
      expect((await stage.run('recover', 'cut-off', '--reason', 'again')).stderr).toMatch(/^NOTHING_TO_RECOVER: /);
      const { checks } = JSON.parse((await stage.run('doctor', '--json')).stdout) as { checks: Check[] };
      expect(checks.find(({ name }) => name === 'watcher')).toMatchObject({ status: 'ok' });
    },
  );

  test('L9: `fork` prints the id of the new session, and `show` says what it was forked from', async () => {
    await stage.runWith({ stdin: JSON.stringify(spec()) }, 'start', '-', '--id', 'trunk');
    await until('it runs', async () => (await show('trunk')).state === 'RUNNING', 30_000);
    await stage.run('checkpoint', 'trunk', 'one');
    expect(
      await stage.run('fork', 'trunk', '--at', 'one', '--id', 'branch', '--reason', 'the other way'),
    ).toMatchObject({ code: 0, stdout: 'branch\n' });
    expect((await stage.run('show', 'branch')).stdout).toMatch(/forked +from checkpoint one of trunk/);
    expect((await stage.run('fork', 'trunk', '--at', 'two', '--reason', 'x')).stderr).toMatch(
      /^CHECKPOINT_NOT_FOUND: /,
    );
  });
});
