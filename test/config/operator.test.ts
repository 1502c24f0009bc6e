import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadOperatorConfig } from '../../config/operator.ts';
import { profileHash } from '../../config/profile-hash.ts';
import { DEFAULTS } from '../../protocol/governance.ts';
import { refusal } from './errors.ts';
import { OperatorFolder, PROFILES, SERVERS } from './operatorFolder.ts';

const folder = new OperatorFolder();
const load = (text: string) => folder.load(text);

/** Lines without the path of the file. */
const problems = async (text: string) =>
  (await refusal('CONFIG_INVALID', () => load(text))).map((line) => line.replaceAll(`${folder.dir}/`, ''));

describe('custody.yaml', () => {
  test('E1: names servers, started or reached, with values by reference', async () => {
    const config = await load(`
servers:
  files:
    { command: npx, args: [a, "1"], cwd: ./here, connectTimeout: 5s,
      env: { TOKEN: { fromEnv: FILES_TOKEN }, MODE: fast } }
  web: { url: "https://example.com/mcp", headers: { Authorization: { fromFile: ./token } }, trustAnnotations: true }
${PROFILES}`);
    expect(config).toMatchObject({ dir: folder.dir, tools: {} });
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
      folder: join(folder.dir, '..', 'shared'),
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
    await folder.write('strict.yaml', 'session: { timeout: 1h }');
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
      'tools["files.read"].effect  must be one of read-only, idempotent, compensable and irreversible; did you ' +
        'mean "read-only"?',
    ],
    ['files.read: { timeout: 10 }', 'tools["files.read"].timeout  has no unit'],
    ['files.read: {}', 'tools["files.read"]  says nothing'],
    [
      'file.read: { effect: read-only }',
      '2:10  tools["file.read"]  is a rule for server "file", which is not defined under servers; did you mean ' +
        '"files"?',
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
      'files.w: { undo: { call: { tool: d, args: {} }, before: { tool: r, args: {} }, restore: { tool: w, args: ' +
        '{} } } }, files.r: { effect: read-only }',
      'tools["files.w"].undo.call  stands beside before, restore or remove',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {} } } }, files.r: { effect: read-only }',
      'tools["files.w"].undo.before  is read for nothing',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {} }, remove: { tool: d, args: {} } } }, files.r: { effect: ' +
        'read-only }',
      'tools["files.w"].undo.before  needs notFound',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {}, notFound: E }, remove: { tool: d, args: {} } } }, ' +
        'files.r: { effect: read-only }',
      'must have at least 3 characters each',
    ],
    [
      'files.w: { undo: { before: { tool: r, args: {} }, restore: { tool: w, args: {} } } }',
      'tools["files.w"].undo.before.tool  is read before each call, so it must change nothing; say so with a ' +
        'rule "files.r": { effect: read-only }',
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

  test('U4: problems of profile files are listed too; one that is missing is a problem of its line', async () => {
    await folder.write('a.yaml', 'session:\n  timeout: 5\n  extra: 1');
    await folder.write('b.yaml', 'onTimeout: []');
    const profileLines = await refusal('PROFILE_INVALID', () =>
      load(`${SERVERS}\nprofiles: { a: ./a.yaml, b: ./b.yaml }`),
    );
    expect(profileLines.map((line) => line.replaceAll(`${folder.dir}/`, '').split('  ').slice(0, 2))).toEqual([
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
    await expect(loadOperatorConfig(join(folder.dir, 'none.yaml'))).rejects.toMatchObject({
      code: 'CONFIG_MISSING',
      message: `The operator file ${folder.dir}/none.yaml does not exist; check the path.`,
      remedy: expect.stringContaining('custody init'),
    });
  });
});
