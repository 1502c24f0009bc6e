import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { loadOperatorConfig } from '../../config/operator.ts';
import { profileHash } from '../../config/profile-hash.ts';
import { resolveValue } from '../../config/secrets.ts';
import { serverConfigHash, toolRule } from '../../config/tool-rules.ts';
import { DEFAULTS } from '../../protocol/governance.ts';
import { refusal } from './errors.ts';

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custody-'));
  file = join(dir, 'custody.yaml');
  return () => rm(dir, { recursive: true });
});

const SERVERS = 'servers: { files: { command: npx } }';
const PROFILES = 'profiles: { p: {} }';

async function load(text: string) {
  await writeFile(file, text);
  return loadOperatorConfig(file);
}

/** Lines without the path of the file. */
const problems = async (text: string) =>
  (await refusal('CONFIG_INVALID', () => load(text))).map((line) => line.replaceAll(`${dir}/`, ''));

describe('custody.yaml', () => {
  test('E1: names servers, started or reached, with values by reference', async () => {
    const config = await load(`
servers:
  files: { command: npx, args: [a, "1"], env: { TOKEN: { fromEnv: FILES_TOKEN }, MODE: fast }, cwd: ./here, connectTimeout: 5s }
  web: { url: "https://example.com/mcp", headers: { Authorization: { fromFile: ./token } }, trustAnnotations: true }
${PROFILES}`);
    expect(config).toMatchObject({ dir, tools: {} });
    expect(config.servers).toEqual({
      files: {
        kind: 'stdio',
        command: 'npx',
        args: ['a', '1'],
        env: { TOKEN: { fromEnv: 'FILES_TOKEN' }, MODE: 'fast' },
        cwd: './here',
        trustAnnotations: false,
        connectTimeout: 5000,
      },
      web: {
        kind: 'http',
        url: 'https://example.com/mcp',
        headers: { Authorization: { fromFile: './token' } },
        trustAnnotations: true,
        connectTimeout: 30_000,
      },
    });
  });

  test('E5: may name the folder of the payload store, from the folder of the file on', async () => {
    expect((await load(`store: { folder: ../shared }\n${SERVERS}\n${PROFILES}`)).store).toEqual({
      folder: join(dir, '..', 'shared'),
    });
    expect((await load(`store: { folder: /var/lib/payloads }\n${SERVERS}\n${PROFILES}`)).store).toEqual({
      folder: '/var/lib/payloads',
    });
    expect(await load(`${SERVERS}\n${PROFILES}`)).not.toHaveProperty('store');
    expect(await problems(`store: {}\n${SERVERS}\n${PROFILES}`)).toEqual([
      expect.stringContaining('store.folder  is missing; write the path of a folder'),
    ]);
    expect(await problems(`store: { folder: "" }\n${SERVERS}\n${PROFILES}`)).toEqual([
      expect.stringContaining('store.folder  must be the path of a folder'),
    ]);
  });

  test('L2: profiles stand in files beside it or inline; the hash is of the resolved profile', async () => {
    await writeFile(join(dir, 'strict.yaml'), 'session: { timeout: 1h }');
    const { profiles } = await load(
      `${SERVERS}\nprofiles: { strict: ./strict.yaml, inline: { session: { timeout: 60m } }, plain: {} }`,
    );
    expect(profiles['plain']).toEqual({ name: 'plain', governance: DEFAULTS, hash: profileHash(DEFAULTS) });
    expect(profiles['strict']?.hash).toBe(profiles['inline']?.hash);
    expect(profiles['strict']?.hash).not.toBe(profiles['plain']?.hash);
    expect(profiles['strict']?.governance.session.timeout).toBe(3_600_000);
  });

  test.each([
    [
      'a mistyped command',
      'servers: { a: { comand: npx } }',
      ['1:15  servers.a  needs "command"', '1:17  servers.a.comand  is not a known key; did you mean "command"?'],
    ],
    [
      'both command and url',
      'servers: { a: { command: x, url: "http://h/" } }',
      ['servers.a  has both command and url'],
    ],
    [
      'headers of a program',
      'servers: { a: { command: x, headers: {} } }',
      ['servers.a.headers  belongs to a server with a url'],
    ],
    [
      'a URL that is shared',
      'servers: { a: { url: "http://h/", shared: true } }',
      ['servers.a.shared  belongs to a server with a command'],
    ],
    [
      'a shared server that is lost for a session',
      'servers: { a: { command: x, shared: true, whenLost: pause } }',
      ['servers.a.whenLost  is for a server that keeps state for a session'],
    ],
    [
      'arguments of a URL',
      'servers: { a: { url: "http://h/", args: [] } }',
      ['servers.a.args  belongs to a server with a command'],
    ],
    ['another protocol', 'servers: { a: { url: "ftp://h/" } }', ['servers.a.url  must begin with http:// or https://']],
    ['no URL', 'servers: { a: { url: "h/mcp" } }', ['servers.a.url  is not a URL']],
    ['a name with a dot', 'servers: { a.b: { command: x } }', ['1:12  servers["a.b"]  must be a name']],
    [
      'a number as argument',
      'servers: { a: { command: x, args: [1] } }',
      ['servers.a.args[0]  must be text, not a number; put it in quotes'],
    ],
    ['no servers', 'servers: {}', ['servers  is empty; define at least one server']],
  ])('U4: %s is refused', async (_what, servers, lines) => {
    const found = await problems(`${servers}\n${PROFILES}`);
    expect(found).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) expect(found[index]).toContain(line);
  });

  test.each([
    [
      'files.read: { effect: readonly }',
      'tools["files.read"].effect  must be one of read-only, idempotent, compensable and irreversible; did you mean "read-only"?',
    ],
    ['files.read: { timeout: 10 }', 'tools["files.read"].timeout  has no unit'],
    ['files.read: {}', 'tools["files.read"]  says nothing'],
    [
      'file.read: { effect: read-only }',
      '2:10  tools["file.read"]  is a rule for server "file", which is not defined under servers; did you mean "files"?',
    ],
    ['files: { effect: read-only }', 'tools.files  must be "server.tool", "server.*" or "server.beginning*"'],
    ['"files.*_file": { effect: read-only }', 'tools["files.*_file"]  must be "server.tool"'],
    ['"*": { effect: read-only }', 'tools["*"]  must be "server.tool"'],
    [
      'files.w: { undo: {} }',
      'tools["files.w"].undo  says not how; write call: { tool, args }, or before with restore and remove',
    ],
    [
      'files.w: { effect: irreversible, undo: { call: { tool: d, args: {} } } }',
      'tools["files.w"].undo  says how to undo what has no effect, or cannot be undone',
    ],
    [
      'files.w: { undo: { call: { tool: d, args: { id: "${answer.id}" } } } }',
      'tools["files.w"].undo.call.args  refers to "answer"; known here are args, result and callKey',
    ],
    [
      'files.w: { undo: { call: { tool: d, args: {} }, before: { tool: r, args: {} }, restore: { tool: w, args: {} } } }, files.r: { effect: read-only }',
      'tools["files.w"].undo.call  stands beside before, restore or remove',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {} } } }, files.r: { effect: read-only }',
      'tools["files.w"].undo.before  is read for nothing',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {} }, remove: { tool: d, args: {} } } }, files.r: { effect: read-only }',
      'tools["files.w"].undo.before  needs notFound',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {}, notFound: E }, remove: { tool: d, args: {} } } }, files.r: { effect: read-only }',
      'must have at least 3 characters each',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {} }, restore: { tool: w, args: {} } } }',
      'tools["files.w"].undo.before.tool  is read before each call, so it must change nothing; say so with a rule "files.r": { effect: read-only }',
    ],
  ])('U4: the rule %s is refused', async (rule, line) => {
    const found = await problems(`${SERVERS}\ntools: { ${rule} }\n${PROFILES}`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(line);
  });

  test('E1: secrets in the file are refused, and no message shows them', async () => {
    const secret = 'hunter2-5ecret';
    for (const entry of [
      `command: x, env: { MY_TOKEN: ${secret} }`,
      `command: x, env: { API_KEY: ${secret} }`,
      `command: x, env: { A: { fromEnv: "${secret}" } }`,
      `command: x, env: { A: [${secret}] }`,
      `url: "http://h/", headers: { authorization: Bearer ${secret} }`,
      `url: "http://h/", headers: { X-Api-Key: ${secret} }`,
      `url: "http://h/", headers: { Cookie: ${secret} }`,
      `url: "http://me:${secret}@h/"`,
      `url: "http://h/?api_key=${secret}"`,
      `url: "${secret}"`,
      `url: "http://h/", headers: { A: "${secret}`,
      `url: "http://h/", headers: { A: *${secret} }`,
    ]) {
      const lines = await problems(`servers: { a: { ${entry} } }\n${PROFILES}`);
      expect(lines.length, entry).toBeGreaterThan(0);
      expect(lines.join(), entry).not.toContain(secret);
    }
  });

  test('U4: problems of profile files are listed with theirs; a file that is missing is a problem of the line that names it', async () => {
    await writeFile(join(dir, 'a.yaml'), 'session:\n  timeout: 5\n  extra: 1');
    await writeFile(join(dir, 'b.yaml'), 'onTimeout: []');
    const profileLines = await refusal('PROFILE_INVALID', () =>
      load(`${SERVERS}\nprofiles: { a: ./a.yaml, b: ./b.yaml }`),
    );
    expect(profileLines.map((line) => line.replaceAll(`${dir}/`, '').split('  ').slice(0, 2))).toEqual([
      ['a.yaml:2:12', 'session.timeout'],
      ['a.yaml:3:3', 'session.extra'],
      ['b.yaml:1:12', 'onTimeout'],
    ]);
    const both = await problems(`${SERVERS}\nprofiles: { a: ./a.yaml, c: ./c.yaml, d: 3, e: { session: 1 } }`);
    expect(both.map((line) => line.split('  ').slice(0, 2).join(' '))).toEqual([
      'custody.yaml:2:29 profiles.c',
      'custody.yaml:2:42 profiles.d',
      'custody.yaml:2:59 profiles.e.session',
      'a.yaml:2:12 session.timeout',
      'a.yaml:3:3 session.extra',
    ]);
  });

  test('U4: a file that is not there is refused by its path', async () => {
    expect(await refusal('CONFIG_INVALID', () => loadOperatorConfig(join(dir, 'none.yaml')))).toEqual([
      `${dir}/none.yaml  does not exist; check the path`,
    ]);
  });
});

describe('E3: rules for tools', () => {
  const TOOLS =
    'tools: { files.read_file: { timeout: 1s }, "files.read_*": { effect: read-only, timeout: 2s }, "files.*": { effect: irreversible, timeout: 3s }, web.get: { effect: idempotent } }';
  const TWO = 'servers: { files: { command: npx }, web: { command: npx } }';

  test('the most exact rule wins, field by field', async () => {
    const config = await load(`${TWO}\n${TOOLS}\n${PROFILES}`);
    expect(toolRule(config, 'files', 'read_file')).toEqual({ effect: 'read-only', timeout: 1000 });
    expect(toolRule(config, 'files', 'read_all')).toEqual({ effect: 'read-only', timeout: 2000 });
    expect(toolRule(config, 'files', 'write')).toEqual({ effect: 'irreversible', timeout: 3000 });
    expect(toolRule(config, 'web', 'get')).toEqual({ effect: 'idempotent' });
    expect(toolRule(config, 'web', 'constructor')).toEqual({});
  });

  test('L7: a rule that says how to undo makes its tool compensable, whatever a wider rule says; one that cannot be undone has none', async () => {
    const config = await load(
      `${SERVERS}\ntools: { "files.*": { effect: irreversible }, "files.w*": { undo: { call: { tool: d, args: { id: "\${result.id}" } } } }, files.wipe: { effect: irreversible } }\n${PROFILES}`,
    );
    expect(toolRule(config, 'files', 'write')).toEqual({
      effect: 'compensable',
      undo: { call: { tool: 'd', args: { id: '${result.id}' } } },
    });
    expect(toolRule(config, 'files', 'wipe')).toEqual({ effect: 'irreversible' });
    expect(toolRule(config, 'files', 'other')).toEqual({ effect: 'irreversible' });
  });

  test('L2: the hash of a server changes with its entry and its rules, not with secrets, order or other servers', async () => {
    const hash = async (text: string) => serverConfigHash(await load(`${text}\n${PROFILES}`), 'files');
    const one = await hash(`${TWO}\n${TOOLS}`);
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(
      await hash(
        `${TWO.replace('web: { command: npx }', 'web: { command: other }')}\n${TOOLS.replace('idempotent', 'irreversible')}`,
      ),
    ).toBe(one);
    expect(
      await hash(
        'servers: { web: { command: npx }, files: { connectTimeout: 30s, command: npx } }\ntools: { "files.*": { timeout: 3s, effect: irreversible }, "files.read_*": { effect: read-only, timeout: 2s }, files.read_file: { timeout: 1s } }',
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

describe('E1: values by reference', () => {
  test('are read when they are used', async () => {
    await writeFile(join(dir, 'token'), 'abc\r\n');
    expect(await resolveValue({ fromFile: './token' }, dir)).toBe('abc');
    await writeFile(join(dir, 'token'), 'def');
    expect(await resolveValue({ fromFile: './token' }, dir)).toBe('def');
    expect(await resolveValue('as it is', dir)).toBe('as it is');
    process.env['CUSTODY_TEST_VALUE'] = 'xyz';
    onTestFinished(() => void delete process.env['CUSTODY_TEST_VALUE']);
    expect(await resolveValue({ fromEnv: 'CUSTODY_TEST_VALUE' }, dir)).toBe('xyz');
  });

  test('that are missing or empty are refused by their name', async () => {
    await writeFile(join(dir, 'empty'), '\n');
    await writeFile(join(dir, 'huge'), 's'.repeat(70_000));
    const message = async (value: Parameters<typeof resolveValue>[0]) => {
      const error = await resolveValue(value, dir).then(
        () => expect.fail(),
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ name: 'CustodyError', code: 'SECRET_MISSING' });
      return (error as Error).message;
    };
    expect(await message({ fromEnv: 'CUSTODY_TEST_NOT_SET' })).toContain('"CUSTODY_TEST_NOT_SET" is not set');
    expect(await message({ fromFile: './none' })).toContain('"./none" (fromFile in custody.yaml) does not exist');
    expect(await message({ fromFile: './empty' })).toContain('is empty');
    expect(await message({ fromFile: './huge' })).not.toContain('ss');
    expect(await message({ fromFile: '.' })).toContain('is a folder');
  });
});
