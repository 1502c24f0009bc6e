import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { showIncidents } from '../../../cli/render/incidents.ts';
import type { AllIncidents } from '../../../client/index.ts';
import { until } from '../../support/until.ts';
import { openStage, type Stage } from '../stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

describe('P5, U1: custody incidents', () => {
  test('lists the open ones over all sessions, show names them, and close says who and why', async () => {
    const id = await stage.start();
    const session = stage.sdk.session(id);
    await expect(session.call('journal.nosuch')).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
    const listed = await until('it is found by its search attribute', async () => {
      const { stdout } = await stage.run('incidents');
      return stdout.includes(id) ? stdout : undefined;
    });
    expect(listed).toMatch(/^SESSION +INCIDENT +SEVERITY +SEEN +SINCE +WHAT +DONE/);
    expect(listed).toContain('journal.nosuch was called, which the session never had');
    expect(listed).toContain('$ custody incidents close SESSION INCIDENT --reason "what came of it"');
    const { stdout: shown } = await stage.run('show', id);
    expect(shown).toContain('1 open, 0 closed');
    expect(shown).toContain(`$ custody incidents close ${id} i1 --reason "what came of it"`);

    const closed = await stage.run('incidents', 'close', id, 'i1', '--reason', 'a typo in the prompt');
    expect([closed.code, closed.stdout]).toEqual([0, expect.stringContaining(`${id}: RUNNING`)]);
    expect((await stage.run('incidents', id)).stdout).toContain('No incidents.');
    const { incidents } = await stage.json<AllIncidents>('incidents', id, '--all');
    expect(incidents).toMatchObject([
      { session: id, id: 'i1', closed: { by: 'ann', standing: 'claimed', reason: 'a typo in the prompt' } },
    ]);
    expect((await stage.run('incidents', id, '--all')).stdout).toContain(
      'closed by ann (claimed): a typo in the prompt',
    );
    const again = await stage.run('incidents', 'close', id, 'i1', '--reason', 'x');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('INCIDENT_NOT_FOUND')]);
  });

  test('those of an ended session are there with --all, and one that does not answer is named', async () => {
    const id = await stage.start();
    const session = stage.sdk.session(id);
    await expect(session.call('journal.other')).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
    await session.complete({ reason: 'done' });
    await session.wait();
    const { stdout } = await stage.run('incidents', id);
    expect(stdout).toContain('journal.other was called');
    await until('it is listed', async () => {
      const { incidents } = await stage.json<AllIncidents>('incidents', '--all', '--since', '1h');
      return incidents.some(({ session: of }) => of === id) || undefined;
    });
    expect((await stage.run('incidents', 'nobody')).stderr).toContain('nobody did not say: SESSION_NOT_FOUND');
  });
});

test('P5: what was done in Temporal past a session stands below, as its watcher noticed it', () => {
  const finding = {
    n: 1,
    what: 'terminated',
    id: 'session-1',
    runId: 'r',
    at: Date.now(),
    since: null,
    by: 'cli@host',
    reason: 'why',
  } as const;
  const shown = showIncidents({ incidents: [], inTemporal: [finding], unanswered: [] }, '');
  expect(shown).toContain('Done in Temporal, past the session:');
  expect(shown).toMatch(/session-1 +terminated .*cli@host +why/);
});
