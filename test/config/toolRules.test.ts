import { describe, expect, test } from 'vitest';
import { serverConfigHash, toolRule } from '../../config/tool-rules.ts';
import { refusal } from './errors.ts';
import { OperatorFolder, PROFILES, SERVERS } from './operatorFolder.ts';

const folder = new OperatorFolder();
const load = (text: string) => folder.load(text);

describe('E3: rules for tools', () => {
  const TOOLS =
    'tools: { files.read_file: { timeout: 1s }, "files.read_*": { effect: read-only, timeout: 2s }, "files.*": ' +
    '{ effect: irreversible, timeout: 3s }, web.get: { effect: idempotent } }';
  const TWO = 'servers: { files: { command: npx }, web: { command: npx } }';

  test('the most exact rule wins, field by field', async () => {
    const config = await load(`${TWO}\n${TOOLS}\n${PROFILES}`);
    expect(toolRule(config, 'files', 'read_file')).toEqual({ effect: 'read-only', timeout: 1000 });
    expect(toolRule(config, 'files', 'read_all')).toEqual({ effect: 'read-only', timeout: 2000 });
    expect(toolRule(config, 'files', 'write')).toEqual({ effect: 'irreversible', timeout: 3000 });
    expect(toolRule(config, 'web', 'get')).toEqual({ effect: 'idempotent' });
    expect(toolRule(config, 'web', 'constructor')).toEqual({});
  });

  test('L7: a rule that says how to undo makes its tool compensable, unless it cannot be undone', async () => {
    const config = await load(
      [
        SERVERS,
        'tools:',
        '  "files.*": { effect: irreversible }',
        '  "files.w*": { undo: { call: { tool: d, args: { id: "${result.id}" } } } }',
        '  files.wipe: { effect: irreversible }',
        PROFILES,
      ].join('\n'),
    );
    expect(toolRule(config, 'files', 'write')).toEqual({
      effect: 'compensable',
      undo: { call: { tool: 'd', args: { id: '${result.id}' } } },
    });
    expect(toolRule(config, 'files', 'wipe')).toEqual({ effect: 'irreversible' });
    expect(toolRule(config, 'files', 'other')).toEqual({ effect: 'irreversible' });
  });

  test('L2: the hash of a server changes with its entry and rules, not with order or other servers', async () => {
    const hash = async (text: string) => serverConfigHash(await load(`${text}\n${PROFILES}`), 'files');
    const one = await hash(`${TWO}\n${TOOLS}`);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(
      await hash(
        [
          TWO.replace('web: { command: npx }', 'web: { command: other }'),
          TOOLS.replace('idempotent', 'irreversible'),
        ].join('\n'),
      ),
    ).toBe(one);
    expect(
      await hash(
        [
          'servers: { web: { command: npx }, files: { connectTimeout: 30s, command: npx } }',
          'tools:',
          '  "files.*": { timeout: 3s, effect: irreversible }',
          '  "files.read_*": { effect: read-only, timeout: 2s }',
          '  files.read_file: { timeout: 1s }',
        ].join('\n'),
      ),
    ).toBe(one);
    expect(await hash(`${TWO}\n${TOOLS.replace('timeout: 1s', 'timeout: 4s')}`)).not.toBe(one);
    expect(await hash(`${TWO.replace('npx', 'node')}\n${TOOLS}`)).not.toBe(one);
    expect(await hash(`${TWO.replace('npx }', 'npx, env: { A: { fromEnv: B } } }')}\n${TOOLS}`)).not.toBe(one);
  });

  test('there is no hash of a server that is not defined', async () => {
    const config = await load(`${SERVERS}\n${PROFILES}`);
    await refusal('UNKNOWN_SERVER', () => serverConfigHash(config, 'constructor'));
  });
});
