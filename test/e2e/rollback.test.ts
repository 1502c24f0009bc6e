import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Custody, type Entry, type RollbackStep, type StateName } from '../../client/index.ts';
import { FilesScene } from '../support/filesScene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

const argsOf = (step: RollbackStep | undefined): Record<string, unknown> => ({ ...step?.undo?.args });

describe('L7: rollback over the real filesystem server', () => {
  let scene: FilesScene;
  beforeAll(async () => {
    scene = await FilesScene.open(temporalAddress());
    await scene.worker();
    return () => scene.close();
  });

  const inState = (id: string, name: StateName) =>
    until(`in ${name}`, async () => {
      const view = await scene.custody.session(id).describe();
      return view.state === name ? view : undefined;
    });

  const running = async (): Promise<string> => {
    const id = await scene.session();
    await inState(id, 'RUNNING');
    return id;
  };

  const entries = async (id: string): Promise<Entry[]> => {
    const all: Entry[] = [];
    for await (const entry of scene.custody.session(id).watch({ follow: false })) all.push(entry);
    return all;
  };

  const write = (id: string, path: string, content: string) =>
    scene.custody.session(id).call('files.write_file', { path, content });

  test('files are as they were at the checkpoint, byte for byte; a new one is gone, as the preview said', async () => {
    writeFileSync(join(scene.files, 'old.txt'), 'as it was\r\n\ttäglich ✓\n');
    const large = 'x'.repeat(300_000);
    writeFileSync(join(scene.files, 'large.txt'), large);
    const id = await running();
    await write(id, 'kept.txt', 'before the checkpoint');
    await scene.custody.session(id).checkpoint('half', { reason: 'a good point' });
    const before = scene.snapshot();
    await write(id, 'old.txt', 'overwritten');
    await write(id, 'old.txt', 'and again');
    await write(id, 'large.txt', 'small now');
    await write(id, 'new.txt', 'new');
    await scene.custody.session(id).call('files.create_directory', { path: 'folder' });
    await scene.custody.session(id).call('files.move_file', { source: 'new.txt', destination: 'folder/moved.txt' });
    await scene.custody.session(id).call('files.edit_file', {
      path: 'kept.txt',
      edits: [{ oldText: 'before', newText: 'BEFORE' }],
    });
    await scene.custody.session(id).call('files.read_text_file', { path: 'kept.txt' });
    expect(scene.snapshot()).not.toEqual(before);

    const preview = await scene.custody.session(id).previewRollback({ to: 'half' });
    expect(
      preview.steps.map(
        (step) => `${step.tool} <- ${step.undo?.tool} ${String(argsOf(step)['path'] ?? argsOf(step)['source'])}`,
      ),
    ).toEqual([
      'edit_file <- write_file kept.txt',
      'move_file <- move_file folder/moved.txt',
      'create_directory <- move_file folder',
      'write_file <- move_file new.txt',
      'write_file <- write_file large.txt',
      'write_file <- write_file old.txt',
      'write_file <- write_file old.txt',
    ]);
    expect(argsOf(preview.steps[4])['content']).toBe(large);
    const elsewhere = await Custody.connect({
      address: temporalAddress(),
      taskQueue: scene.custody.taskQueue,
      store: '/nonexistent',
    });
    const seen = await elsewhere
      .session(id)
      .previewRollback({ to: 'half' })
      .finally(() => elsewhere.close());
    expect(argsOf(seen.steps[4])['ref'], 'what a client without the store sees').toMatchObject({
      bytes: expect.any(Number) as number,
      preview: expect.stringContaining('"args":{"content":"xxx') as string,
    });
    expect((await scene.custody.session(id).describe()).state).toBe('RUNNING');

    await scene.custody.session(id).rollback({ to: 'half', reason: 'wrong customer' });
    expect(await inState(id, 'PAUSED')).toMatchObject({ cause: 'operator', effects: { made: 8, undone: 7 } });
    const { calls } = await scene.custody.session(id).describe();
    expect(calls.filter(({ undone }) => undone).map(({ tool }) => tool)).toHaveLength(7);
    expect([...scene.snapshot()]).toEqual([...before]);
    expect(readdirSync(join(scene.files, '.trash')).length).toBeGreaterThan(0);
    const receipts = (await entries(id)).filter(({ kind }) => kind === 'undone');
    expect(receipts.map(({ text }) => text.replace(/\(.*?\)/, ''))).toHaveLength(7);

    await scene.custody.session(id).resume();
    await inState(id, 'RUNNING');
    await scene.custody.session(id).rollback({ reason: 'all of it' });
    expect(await inState(id, 'FAILED')).toMatchObject({ code: 'ROLLED_BACK', effects: { made: 8, undone: 8 } });
    expect(existsSync(join(scene.files, 'kept.txt'))).toBe(false);
  });

  test('what somebody else changed is left alone and named; once mended, another rollback takes it', async () => {
    const id = await running();
    await scene.custody.temporal.workflow.getHandle(id).signal('checkpoint', { actor: 'ann', name: 'by-signal' });
    await write(id, 'shared.txt', 'ours');
    await write(id, 'own.txt', 'ours');
    writeFileSync(join(scene.files, 'shared.txt'), 'theirs');
    await scene.custody.session(id).rollback({ reason: 'back' });
    expect(await inState(id, 'PAUSED')).toMatchObject({
      cause: 'incident',
      reason: expect.stringContaining('not undone: files.write_file') as string,
    });
    expect((await scene.custody.session(id).describe()).checkpoints).toMatchObject([{ name: 'by-signal', effects: 0 }]);
    expect(readFileSync(join(scene.files, 'shared.txt'), 'utf8')).toBe('theirs');
    expect(existsSync(join(scene.files, 'own.txt'))).toBe(false);
    expect((await entries(id)).find(({ kind }) => kind === 'not-undone')?.text).toContain('UNDO_CONFLICT');
    writeFileSync(join(scene.files, 'shared.txt'), 'ours');
    await scene.custody.temporal.workflow
      .getHandle(id)
      .signal('rollback', { actor: 'ann', reason: 'again, by a plain signal' });
    expect(await inState(id, 'FAILED')).toMatchObject({ code: 'ROLLED_BACK' });
    expect(existsSync(join(scene.files, 'shared.txt'))).toBe(false);
  });

  test('a compensation that fails for good is named with what to do, and the rest is undone', async () => {
    const id = await running();
    await write(id, 'first.txt', '1');
    await scene.custody.session(id).call('files.create_directory', { path: 'nest' });
    await write(id, 'nest/second.txt', '2');
    // Nobody can write where a folder stands.
    rmSync(join(scene.files, 'nest/second.txt'));
    mkdirSync(join(scene.files, 'nest/second.txt'));
    await scene.custody.session(id).rollback({ reason: 'back' });
    const view = await inState(id, 'PAUSED');
    expect(view.reason).toContain('not undone');
    expect((await entries(id)).filter(({ kind }) => kind === 'not-undone').map(({ text }) => text)[0]).toMatch(
      /EISDIR[\s\S]*mend that and roll back again/,
    );
    expect(existsSync(join(scene.files, 'first.txt'))).toBe(false);
  });

  test('L8: a session whose undo log cannot be kept waits for the payload store, and loses nothing', async () => {
    const before = scene.snapshot();
    rmSync(scene.store, { recursive: true, force: true });
    writeFileSync(scene.store, 'a file where the folder should be');
    const id = await scene.session({ eventsPerRun: 60, undoBytes: 600 });
    await inState(id, 'RUNNING');
    const answers = Promise.all(Array.from({ length: 12 }, (_, n) => write(id, `n${n}.txt`, `${n}`)));
    await until('tried', async () => {
      const { raw } = await scene.custody.temporal.workflow.getHandle(id).describe();
      return raw.pendingActivities?.some(
        ({ activityType, attempt }) => activityType?.name === 'keepUndoPage' && (attempt ?? 0) > 1,
      );
    });
    rmSync(scene.store);
    for (const { outcome } of await answers) expect(outcome).toBe('succeeded');
    await scene.custody.session(id).rollback({ reason: 'all of it' });
    expect(await inState(id, 'FAILED')).toMatchObject({ code: 'ROLLED_BACK', effects: { made: 12, undone: 12 } });
    expect((await scene.custody.session(id).describe()).runs).toBeGreaterThan(1);
    expect([...scene.snapshot()]).toEqual([...before]);
  });

  test('a call without a before-image is not sent; one that changes nothing leaves nothing to undo', async () => {
    const id = await running();
    await scene.custody.session(id).call('files.create_directory', { path: 'a-folder' });
    const refused = await write(id, 'a-folder', 'a folder is no file');
    expect(refused).toMatchObject({ outcome: 'refused', error: { code: 'BEFORE_IMAGE_FAILED' } });
    await scene.custody.session(id).call('files.create_directory', { path: 'a-folder' });
    const failed = await scene.custody.session(id).call('files.edit_file', { path: 'nowhere.txt', edits: [] });
    expect(failed.outcome).toBe('tool_error');
    expect((await scene.custody.session(id).describe()).effects).toEqual({ made: 1, undone: 0 });
    await scene.custody.session(id).cancel();
  });
});
