import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../audit/entry.ts';
import { cacheDir } from '../../cli/temporal/cacheDir.ts';
import { findTemporal } from '../../cli/temporal/find.ts';
import { run } from '../../cli/temporal/run.ts';
import { temporalAddress } from '../support/temporal.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let temporal: string;
beforeAll(async () => {
  stage = await openStage();
  temporal = await findTemporal({ env: process.env, cacheDir: cacheDir(), log: () => undefined });
});
afterAll(() => stage?.end());

const bytes = (text: string): Uint8Array => Buffer.from(text);
const stateOf = async (id: string): Promise<string> => (await stage.sdk.session(id).describe()).state;

async function timeline(id: string): Promise<Entry[]> {
  const entries = [];
  for await (const entry of stage.sdk.session(id).watch({ follow: false })) entries.push(entry);
  return entries;
}

const refusals = async (id: string): Promise<string[]> =>
  (await timeline(id)).filter(({ kind }) => kind === 'refused').map(({ text }) => text);

/** A signal sent with Temporal's own CLI. */
const signal = (id: string, name: string, ...rest: string[]): Promise<string[]> =>
  run(
    temporal,
    [
      'workflow',
      'signal',
      '--address',
      temporalAddress(),
      '--namespace',
      stage.namespace,
      '--workflow-id',
      id,
      '--name',
      name,
      ...rest,
    ],
    { env: { ...process.env, TEMPORAL_CONFIG_FILE: '' } },
  );

/** A signal with payloads as they stand, as any program may send it. */
const raw = (id: string, signalName: string, payloads?: readonly Payload[]): Promise<unknown> =>
  stage.sdk.temporal.workflowService.signalWorkflowExecution({
    namespace: stage.namespace,
    workflowExecution: { workflowId: id },
    signalName,
    ...(payloads ? { input: { payloads: [...payloads] } } : {}),
  });

const json = bytes('json/plain');
const NONSENSE: readonly (readonly [string, string, readonly Payload[] | undefined, RegExp])[] = [
  ['bad JSON', 'pause', [{ metadata: { encoding: json }, data: bytes('{"actor":') }], /pause: MALFORMED_COMMAND: /],
  [
    'an unknown encoding',
    'pause',
    [{ metadata: { encoding: bytes('binary/martian') }, data: bytes('x') }],
    /pause: MALFORMED_COMMAND: /,
  ],
  ['no metadata', 'pause', [{ data: bytes('{}') }], /pause: MALFORMED_COMMAND: /],
  ['an empty payload', 'pause', [{}], /pause: MALFORMED_COMMAND: /],
  ['a list', 'pause', [defaultPayloadConverter.toPayload(['ann'])!], /pause: MALFORMED_COMMAND: /],
  ['a number', 'resume', [defaultPayloadConverter.toPayload(7)!], /resume: MALFORMED_COMMAND: /],
  [
    'a wrong type of a field',
    'pause',
    [defaultPayloadConverter.toPayload({ actor: 7 })!],
    /pause: MALFORMED_COMMAND: /,
  ],
  ['an unknown name', 'explode', [defaultPayloadConverter.toPayload({ actor: 'ann' })!], /explode: UNKNOWN_COMMAND: /],
  [
    'an unknown name and bad JSON',
    'explode',
    [{ metadata: { encoding: json }, data: bytes('{') }],
    /explode: UNKNOWN_COMMAND: /,
  ],
  ['a name that is an attack', '\u001b[2Jpause', undefined, /UNKNOWN_COMMAND: /],
  [
    'an illegal command',
    'resume',
    [defaultPayloadConverter.toPayload({ actor: 'ann', reason: 'x' })!],
    /resume: ILLEGAL_IN_STATE: /,
  ],
];

describe('L3: plain Temporal', () => {
  test('`temporal workflow signal` pauses and resumes a session, with actor and reason on record', async () => {
    const id = await stage.start();
    await signal(id, 'pause', '--input', '{"actor":"bea","reason":"wrong folder"}');
    await expect.poll(() => stateOf(id), { timeout: 10_000 }).toBe('PAUSED');
    expect(await stage.sdk.session(id).describe()).toMatchObject({ cause: 'operator', reason: 'wrong folder' });
    await signal(id, 'resume', '--input', '{"actor":"bea","reason":"corrected"}');
    await expect.poll(() => stateOf(id), { timeout: 10_000 }).toBe('RUNNING');
    const commands = (await timeline(id)).filter(({ kind }) => kind === 'command');
    expect(commands).toMatchObject([
      { by: 'bea', text: expect.stringContaining('wrong folder') },
      { by: 'bea', text: expect.stringContaining('corrected') },
    ]);
  });

  test('U4: nonsense sent with the CLI is refused on record, and the session goes on', async () => {
    const id = await stage.start();
    await signal(id, 'pause', '--input', 'not json', '--input-meta', 'encoding=binary/martian');
    await signal(id, 'explode');
    await expect.poll(() => refusals(id), { timeout: 10_000 }).toHaveLength(2);
    expect(await stateOf(id)).toBe('RUNNING');
  });

  test('U4: whatever nonsense a signal holds, it is refused on record, and the session goes on', async () => {
    const id = await stage.start();
    for (const [, name, payloads] of NONSENSE) await raw(id, name, payloads);
    await expect.poll(() => refusals(id), { timeout: 20_000 }).toHaveLength(NONSENSE.length);
    const refused = await refusals(id);
    for (const [index, [what, , , refusal]] of NONSENSE.entries()) expect(refused[index], what).toMatch(refusal);
    const { stdout } = await stage.run('watch', id, '--no-follow');
    for (const [what, , , refusal] of NONSENSE) expect(stdout, what).toMatch(refusal);
    expect(stdout).not.toContain('\u001b');
    expect(await stage.json('call', id, 'journal.append', '--args', '{"text":"still here"}')).toMatchObject({
      outcome: 'succeeded',
    });
  });

  test('U4: a signal with no input at all pauses, by an actor that is not known', async () => {
    const id = await stage.start();
    await raw(id, 'pause');
    await expect.poll(() => stateOf(id), { timeout: 10_000 }).toBe('PAUSED');
  });

  test('U4: an actor, a reason and a tool that send terminal escapes', async () => {
    const id = await stage.start();
    const attack = 'x\u001b[31m\u001b]0;owned\u0007\u009b2J\u202ey';
    await stage.sdk.session(id).call('journal.append', { text: attack });
    await raw(id, 'pause', [defaultPayloadConverter.toPayload({ actor: attack, reason: attack })!]);
    await expect.poll(() => stateOf(id), { timeout: 10_000 }).toBe('PAUSED');
    for (const args of [
      ['show', id],
      ['show', id, '--json'],
      ['watch', id, '--no-follow'],
      ['watch', id, '--no-follow', '--json'],
    ]) {
      const { stdout } = await stage.run(...args);
      expect(stdout).toContain('owned');
      expect(stdout).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    }
  });
});
