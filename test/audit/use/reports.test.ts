import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { custody } from '../../cli/harness.ts';
import { onDisk, scratch, VKEY } from '../../support/evidence/onDisk.ts';
import { sealedSession } from '../../support/evidence/sealed.ts';

/** Without Temporal: at this address nobody listens. */
const run = (...args: readonly string[]) => custody([...args, '--address', '127.0.0.1:1']);

describe('A7: reports of bundles', () => {
  let [budget, undo, out] = ['', '', ''];
  beforeAll(async () => {
    budget = await onDisk((await sealedSession('budget')).files);
    undo = await onDisk((await sealedSession('undo')).files);
    out = await scratch();
  });

  test('are made without Temporal, under the checkpoint that custody verify tells, in every form', async () => {
    const { stdout } = await run('verify', budget, '--trust', VKEY, '--json');
    const { log } = JSON.parse(stdout) as { log: { origin: string; size: number; root: string } };
    const text = `${log.origin}, size ${log.size}, root ${log.root}`;
    for (const format of ['text', 'html', 'csv'])
      expect(await run('report', budget, '--trust', VKEY, '--format', format)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(text),
      });
    const md = await run('report', budget, '--trust', VKEY, '--format', 'md');
    expect(md.stdout).toContain(`size ${log.size}, root ${log.root}`);
    const json = await run('report', budget, '--trust', VKEY, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ sources: [{ session: 'budget', checkpoint: log }] });
  });

  test('of several sessions cite the checkpoint of each', async () => {
    const { stdout } = await run('report', undo, budget, '--trust', VKEY, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      sources: expect.arrayContaining(
        ['undo', 'budget'].map((session) =>
          expect.objectContaining({
            session,
            checkpoint: expect.objectContaining({ origin: `custody/default/${session}` }),
          }),
        ),
      ),
    });
  });

  test('are not made without a key, of the same session twice, or of what is not sound', async () => {
    expect(await run('report', budget)).toMatchObject({ code: 2, stderr: expect.stringContaining('--trust') });
    expect(await run('report', budget, budget, '--trust', VKEY)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Two of these are of the session budget'),
    });
    const changed = await onDisk((await sealedSession('budget')).files);
    await writeFile(join(changed, 'more'), '');
    expect(await run('report', changed, '--trust', VKEY)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('BUNDLE_MALFORMED'),
    });
    await rm(join(changed, 'more'));
    await rm(join(changed, 'session.key'));
    expect(await run('report', changed, '--trust', VKEY)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EVIDENCE_ERASED'),
    });
  });

  test('are verified against their bundle: what was changed is named, and the exit code is 1', async () => {
    const file = join(out, 'report.json');
    const made = ['report', budget, '--trust', VKEY, '--kind', 'financial', '--format', 'json', '-o', file];
    expect(await run(...made)).toMatchObject({ code: 0 });
    const sound = await run('verify', budget, '--trust', VKEY, '--report', file);
    expect(sound).toMatchObject({ code: 0, stdout: expect.stringMatching(/report {5}\d+ figures of it made again/) });

    const report = JSON.parse(await readFile(file, 'utf8')) as {
      sections: { id: string; rows: { figures: { value: number }[] }[] }[];
    };
    report.sections.find(({ id }) => id === 'spent')!.rows[0]!.figures[0]!.value += 1;
    await writeFile(file, JSON.stringify(report));
    const changed = await run('verify', budget, '--trust', VKEY, '--report', file);
    expect(changed.code).toBe(1);
    expect(changed.stdout).toMatch(/^NOT SOUND: /);
    expect(changed.stdout).toMatch(
      /REPORT_DIFFERS: .*\n +"spent", ".*", ".*": "\d+" .* is said, and records give "\d+"/,
    );

    const other = await run('verify', undo, '--trust', VKEY, '--report', file, '--json');
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout)).toMatchObject({ isSound: false, counts: { REPORT_OF_OTHER: 1 }, figures: 0 });
  });

  test('of several sessions are verified against all their bundles, in any order', async () => {
    const file = join(out, 'several.json');
    expect(await run('report', undo, budget, '--trust', VKEY, '--format', 'json', '-o', file)).toMatchObject({
      code: 0,
    });
    const sound = await run('verify', budget, undo, '--trust', VKEY, '--report', file);
    expect(sound.code).toBe(0);
    expect(sound.stdout).toMatch(/^SOUND: 2 of 2 bundles; \d+ figures of the report made again from their records\n/);
    expect(sound.stdout).toMatch(/\nSOUND: \d+ records of custody\/default\/undo\n/);
    const one = await run('verify', budget, '--trust', VKEY, '--report', file);
    expect(one).toMatchObject({ code: 1, stdout: expect.stringContaining('REPORT_OF_OTHER') });

    const report = JSON.parse(await readFile(file, 'utf8')) as { sections: { note: string }[] };
    report.sections[0]!.note = 'another';
    await writeFile(file, JSON.stringify(report));
    const changed = await run('verify', budget, undo, '--trust', VKEY, '--report', file, '--json');
    expect(changed.code).toBe(1);
    expect(JSON.parse(changed.stdout)).toMatchObject({
      isSound: false,
      bundles: [{ isSound: true }, { isSound: true }],
      report: { isSound: false, counts: { REPORT_DIFFERS: 1 } },
    });
  });

  test('several bundles are verified without a report too, each once, and not as one', async () => {
    expect(await run('verify', budget, undo, '--trust', VKEY)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^SOUND: 2 of 2 bundles\n/),
    });
    for (const args of [
      [budget, budget],
      [budget, join(out, 'nowhere')],
      [budget, undo, '--origin', 'custody/default/undo'],
    ])
      expect(await run('verify', '--trust', VKEY, ...args)).toMatchObject({ code: 2, stdout: '' });
  });

  test('are not looked for where there is none, or with the proof of one record', async () => {
    const file = join(out, 'proved.json');
    await writeFile(file, '{}');
    const proof = join(out, '1.tlog-proof');
    await run('audit', 'proof', undo, '1', '--out', proof);
    for (const args of [
      [undo, '--report', join(out, 'nowhere')],
      [proof, '--report', file],
    ])
      expect(await run('verify', '--trust', VKEY, ...args)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^USAGE: A report is verified with the folder/),
      });
    expect(await run('verify', '--trust', VKEY, undo, '--report', '/dev/zero')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EVIDENCE_REFUSED'),
    });
  });
});
