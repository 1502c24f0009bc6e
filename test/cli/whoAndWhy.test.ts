import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Entry } from '../../audit/entry.ts';
import type { Check } from '../../cli/doctor/check.ts';
import type { ListOptions, SessionSummary } from '../../client/list/list.ts';
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

/** Starts a session as a user does: by the command. */
async function start(id: string, fields: object = {}): Promise<void> {
  const path = await stage.folder.write(`${id}.json`, spec(fields));
  expect(await stage.run('start', path, '--id', id, '--reason', 'ticket 7')).toMatchObject({ code: 0 });
}
/** What visibility has, which is some moments behind. */
async function found(filter: ListOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of stage.sdk.list(filter)) ids.push(id);
  return ids;
}
const entries = async (id: string): Promise<Entry[]> =>
  (await stage.run('watch', id, '--no-follow', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);

test('A6, U2: who started a session and why stands in show, list and its first entry, at one time', async () => {
  await start('who');
  const { startedBy, startedAt } = await stage.json<SessionView>('show', 'who');
  expect(startedBy).toEqual({ actor: 'ann', reason: 'ticket 7', standing: 'claimed' });
  expect((await stage.run('show', 'who')).stdout).toMatch(/started +\S+Z by ann \(claimed\): ticket 7\n/);
  expect((await entries('who'))[0]).toMatchObject({ kind: 'started', by: 'ann', text: /: ticket 7$/ });
  await until('visibility has it', async () => (await found({ since: new Date(startedAt) })).includes('who'));
  const listed = await stage.json<SessionSummary[]>('list');
  expect(listed.find(({ id }) => id === 'who')).toMatchObject({
    startedBy: 'ann',
    standing: 'claimed',
    reason: 'ticket 7',
    startedAt,
  });
});

test('U2: list filters by label, profile, doubt and time, and takes states in lower case', async () => {
  await start('labelled', { labels: { team: "o'hara", tier: 'a=b' } });
  const ids = async (...args: string[]) => (await stage.json<SessionSummary[]>('list', ...args)).map(({ id }) => id);
  await until('visibility has it', async () => (await found({ labels: { tier: 'a=b' } })).includes('labelled'));
  expect(await ids('--label', "team=o'hara", '--label', 'tier=a=b')).toEqual(['labelled']);
  expect(await ids('--label', "team=o'hara", '--label', 'tier=c')).toEqual([]);
  expect(await ids('--governance', 'standard', '--state', 'running', '--since', '1h')).toContain('labelled');
  expect(await ids('--governance', 'other')).toEqual([]);
  expect(await ids('--in-doubt')).toEqual([]);
  expect((await stage.run('list', '--state', 'asleep')).stderr).toMatch(/^USAGE: There is no state 'asleep'/);
});

test('U2, A2: show ID CALL and watch --json have all of a call, where the table and the line show a part', async () => {
  await start('whole');
  const text = 'long '.repeat(100).trim();
  await stage.sdk.session('whole').call('journal.append', { text }, { callId: 'c' });
  const { stdout } = await stage.run('show', 'whole', 'c');
  expect(stdout).toContain(JSON.stringify(text));
  expect(stdout).toContain(`appended ${text}`);
  expect(stdout).toMatch(
    /attempt +journal\.append[^]*outcome +journal\.append: succeeded[^]*call c: succeeded, 1 attempt/,
  );
  expect(await stage.json('show', 'whole', 'c')).toMatchObject({
    asked: { args: { text } },
    answer: { outcome: 'succeeded' },
  });
  const [attempt, outcome] = (await entries('whole')).filter(({ callId }) => callId === 'c');
  expect(attempt).toMatchObject({ kind: 'attempt', data: { args: { text } } });
  expect(outcome).toMatchObject({ kind: 'outcome', data: { result: { content: [{ text: `appended ${text}` }] } } });
  expect((await stage.run('show', 'whole', 'none')).stderr).toMatch(/^CALL_NOT_FOUND: /);
});

test('L9: a fork names what runs in it, and tells the part of its parent from its own', async () => {
  await start('stem');
  await stage.sdk.session('stem').call('journal.append', { text: 'one' });
  await stage.run('checkpoint', 'stem', 'one');
  await stage.run('fork', 'stem', '--at', 'one', '--id', 'twig', '--reason', 'the other way');
  await until('the fork runs', async () => (await stage.sdk.session('twig').describe()).state === 'RUNNING');
  const { stdout } = await stage.run('show', 'twig');
  expect(stdout).toMatch(/agent +clerk 1\.0\.0, profile standard/);
  expect(stdout).toMatch(/calls +1 of 10000, [^\n]*; 1 and [^\n]* of these by stem\n/);
  expect((await entries('twig')).find(({ kind }) => kind === 'forked')?.text).toBe(
    'from checkpoint one of stem: the other way; agent clerk@1.0.0, profile standard, servers journal',
  );
  const { startedAt } = await stage.json<SessionView>('show', 'stem');
  expect((await stage.json<SessionView>('show', 'twig')).startedAt > startedAt).toBe(true);
});

test('L4: extend answers with the new deadline, and what show advises past the deadline is taken', async () => {
  await start('late', { overrides: { session: { timeout: '3s' } } });
  await until('the deadline passed', async () => (await stage.sdk.session('late').describe()).graceUntil !== null);
  const advised = [...(await stage.run('show', 'late')).stdout.matchAll(/^ {2}\$ custody (.*)$/gm)].map(
    ([, line]) => line,
  );
  const where = `--address ${temporalAddress()} --namespace ${stage.namespace}`;
  expect(advised, 'to be pasted as it is').toEqual([`extend late --by 1h --reason "why" ${where}`]);
  const { stdout } = await stage.run('extend', 'late', '--by', '1h', '--reason', 'why');
  const { deadlineAt } = await stage.json<SessionView>('show', 'late');
  expect(stdout).toMatch(new RegExp(`^late: PAUSED, deadline ${deadlineAt} \\(record \\d+\\)\\n$`));
});

test('A6: a session that was cancelled in Temporal says who did it', async () => {
  await start('pressed');
  const connection = await Connection.connect({ address: temporalAddress() });
  await connection.workflowService.requestCancelWorkflowExecution({
    namespace: stage.namespace,
    workflowExecution: { workflowId: 'pressed' },
    identity: 'bob@ui',
  });
  await connection.close();
  await stage.sdk.session('pressed').wait();
  expect((await stage.run('show', 'pressed')).stdout).toMatch(/reason +cancelled in Temporal by bob@ui/);
});

test('U2: a start that fails at once exits with its code, and its id is free', async () => {
  for (const [fields, code] of [
    [{ profile: 'typo' }, 'UNKNOWN_PROFILE'],
    [{ servers: ['typo'] }, 'UNKNOWN_SERVER'],
  ] as const) {
    const path = await stage.folder.write('typo.json', spec(fields));
    const { code: exit, stderr, stdout } = await stage.run('start', path, '--id', 'typo');
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^${code}: The session 'typo' failed as it began: `));
  }
  await start('typo');
});

test('U5: doctor looks for the workers of the task queue that is meant', async () => {
  const workerOn = async (queue: string): Promise<Check | undefined> =>
    (await stage.json<{ checks: Check[] }>('doctor', '--task-queue', queue)).checks.find(
      ({ name }) => name === 'worker',
    );
  expect(await workerOn('custody')).toMatchObject({ status: 'ok' });
  expect(await workerOn('night')).toMatchObject({ status: 'warn', detail: "none polls the task queue 'night'" });
});

test('U4: a command that nobody is there to take says so while it waits', async () => {
  const path = await stage.folder.write('alone.json', spec());
  await stage.run('start', path, '--id', 'alone', '--task-queue', 'nobody');
  const { code, stderr } = await stage.run('pause', 'alone', '--reason', 'night', '--task-queue', 'nobody');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^No worker polls the task queue 'nobody' now; the command waits[^]*\nNO_WORKER: /);
});
