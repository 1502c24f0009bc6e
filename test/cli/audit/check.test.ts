import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Completeness } from '../../../audit/check/check.ts';
import { openStage, type Stage } from '../stage.ts';

const RULES = '@id("never") forbid(principal, action, resource) when { context.args.text like "*secret*" };';

let stage: Stage;
let id: string;
let history: { events: { [member: string]: any }[] };
beforeAll(async () => {
  stage = await openStage({ rules: RULES });
  id = await stage.start();
  const session = stage.sdk.session(id);
  await session.call('journal.append', { text: 'the secret' }, { callId: 'denied' });
  await session.call('journal.append', { text: 'fine' }, { callId: 'made' });
});
afterAll(() => stage?.end());

const file = async (
  name: string,
  change: (events: typeof history.events) => typeof history.events = (events) => events,
) => {
  history ??= JSON.parse(
    historyToJSON(await stage.sdk.temporal.workflow.getHandle(id).fetchHistory()),
  ) as typeof history;
  return stage.folder.write(name, JSON.stringify({ events: change(structuredClone(history.events)) }));
};

describe('A3: custody audit check', () => {
  test('of a session that is open says that it is whole so far', async () => {
    const { code, stdout, stderr } = await stage.run('audit', 'check', id);
    expect(code, stderr + stdout).toBe(0);
    expect(stdout).toContain('note RUN_STILL_OPEN: the session is open: checked up to event');
    expect(stdout).toMatch(new RegExp(`\\n${id} is whole; 1 run, \\d+ notes\\.\\n$`));
  });

  test('of one that ended has a line for each check, with what was counted, and replays it', async () => {
    await stage.sdk.session(id).complete();
    await stage.sdk.session(id).wait();
    const { code, stdout } = await stage.run('audit', 'check', id);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^ok {4}events: events \d+, runs 1$/m);
    expect(stdout).toMatch(/^warn {2}calls: calls 2, attempts 2, decisions 2$/m);
    expect(stdout).toMatch(/^ {6}note CALL_DENIED: call denied was denied by rules \(run /m);
    expect(stdout).toMatch(/^ok {4}decisions: decided 2$/m);
    expect(stdout).toMatch(/^ok {4}replay: replayed 1$/m);
  });

  test('works on files alone, and gives JSON', async () => {
    const path = await file('whole.json');
    const checked = await stage.json<Completeness>('audit', 'check', path);
    expect(checked).toMatchObject({ session: id, isWhole: true });
    expect(checked.checks.map(({ name }) => name)).toContain('money');
  });

  test('ends with exit code 1 where an event was taken out, and names it', async () => {
    const path = await file('gap.json', (events) => events.toSpliced(20, 1));
    const { code, stdout } = await stage.run('audit', 'check', path, '--no-replay');
    expect(code).toBe(1);
    expect(stdout).toContain('missing EVENT_GAP: events 21 are not there');
    expect(stdout).toMatch(/ is not whole: \d+ broken, \d+ missing; 1 run/);
  });

  test('finds by a replay what the workflow of this build would not have done', async () => {
    const path = await file('differs.json', (events) => {
      const scheduled = events.find((event) => event.activityTaskScheduledEventAttributes)!;
      scheduled.activityTaskScheduledEventAttributes.activityType.name = 'somethingElse';
      return events;
    });
    const { code, stdout } = await stage.run('audit', 'check', path);
    expect(code).toBe(1);
    expect(stdout).toContain('broken REPLAY_DIFFERS: the workflow does something else than the history says');
  });

  test('a run without its end is missing it, unless it is told to be open', async () => {
    const path = await file('open.json', (events) => events.slice(0, 40));
    const closed = await stage.run('audit', 'check', path, '--no-replay');
    expect(closed.stdout).toContain('missing RUN_OPEN: the run has no end: it stops at event 40');
    const open = await stage.run('audit', 'check', path, '--no-replay', '--open');
    expect(open.stdout).toContain('RUN_STILL_OPEN');
  });

  test('refuses what is no history, and a session that is none', async () => {
    const path = await stage.folder.write('none.json', '{}');
    expect(await stage.run('audit', 'check', path)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('USAGE: '),
    });
    const none = await stage.run('audit', 'check', 'no-such-session');
    expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('SESSION_NOT_FOUND') });
  });
});
