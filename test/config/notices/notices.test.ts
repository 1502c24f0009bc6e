import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { destinationOf, secretsIn } from '../../../config/notices/destination.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { NOTICE_KINDS } from '../../../protocol/notices/kinds.ts';
import { refusal } from '../errors.ts';
import { OperatorFolder, PROFILES, SERVERS } from '../operatorFolder.ts';

const folder = new OperatorFolder();
const load = (notices: string) => folder.load(`${SERVERS}\n${PROFILES}\nnotices: ${notices}\n`);
const problems = async (notices: string) =>
  (await refusal('CONFIG_INVALID', () => load(notices))).map((line) => line.replace(/^.*?custody\.yaml:\S+ +/, ''));

const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const DAY = 86_400_000;

describe('C3: where notices go', () => {
  test.each(['docs/notices.md', 'docs/configuration.md'])('the block in %s loads', async (page) => {
    const [, block = ''] = /```yaml\n(notices:[\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
    const { notices } = await folder.load(`${SERVERS}\n${PROFILES}\n${block}`);
    expect(notices).toMatchObject({ log: true, to: { ops: { format: 'cloudevents' }, team: { format: 'slack' } } });
  });

  test('docs/configuration.md has a row for each key, and the kinds that there are', () => {
    const docs = readFileSync('docs/configuration.md', 'utf8');
    for (const key of ['url', 'format', 'secret', 'kinds', 'allowPrivate', 'retryFor'])
      expect(docs).toContain(`| \`to.NAME.${key}\` |`);
    expect(docs).toContain(NOTICE_KINDS.map((kind) => `\`${kind}\``).join(', '));
  });

  test('destinations have a URL, a format, kinds and a time to give up; secrets stay references', async () => {
    const { notices } = await load(
      `{ log: true, to: { ops: { url: "https://hooks.example/x", secret: { fromEnv: A } },
         chat: { url: { fromFile: ./chat }, format: slack, kinds: [approval-asked], retryFor: 1h } } }`,
    );
    expect(notices).toEqual({
      log: true,
      to: {
        ops: {
          url: 'https://hooks.example/x',
          secret: { fromEnv: 'A' },
          format: 'cloudevents',
          allowPrivate: false,
          retryFor: 3 * DAY,
        },
        chat: {
          url: { fromFile: './chat' },
          format: 'slack',
          kinds: ['approval-asked'],
          allowPrivate: false,
          retryFor: 3_600_000,
        },
      },
    });
  });

  test.each([
    ['{}', 'says nothing'],
    ['{ to: { ops: { url: "https://x.example" } } }', 'notices.to.ops.secret  is missing'],
    ['{ to: { ops: { url: "https://x.example", secret: abc } } }', 'a secret does not stand in this file'],
    ['{ to: { ops: { url: "http://x.example", secret: { fromEnv: A } } } }', 'must begin with https://'],
    ['{ to: { ops: { url: "ftp://x", secret: { fromEnv: A }, allowPrivate: true } } }', 'must begin with https://'],
    ['{ to: { ops: { url: "https://a:b@x.example", secret: { fromEnv: A } } } }', 'holds credentials'],
    ['{ to: { chat: { url: "https://hooks.slack.example/services/T/B/x", format: slack } } }', 'whoever has the URL'],
    ['{ to: { chat: { url: { fromEnv: A }, format: teams, secret: { fromEnv: B } } } }', 'has no meaning for teams'],
    ['{ to: { ops: { url: "https://x", secret: { fromEnv: A }, kinds: [] } } }', 'leave it out for all kinds'],
    [
      '{ to: { ops: { url: "https://x", secret: { fromEnv: A }, kinds: [notified] } } }',
      'must be one of notify, approval-asked, review-asked and ended',
    ],
    ['{ to: { ops: { url: "https://x", secret: { fromEnv: A }, retryFor: 3 } } }', 'has no unit'],
    ['{ to: { "a.b": { url: "https://x", secret: { fromEnv: A } } } }', 'without dots'],
  ])('%s does not load', async (notices, what) => {
    expect((await problems(notices)).join('\n')).toContain(what);
  });

  test('are read with their secrets when something is sent, and say no secret when they cannot be used', async () => {
    const config = await load(
      `{ to: { ops: { url: "https://hooks.example/x", secret: { fromFile: ./key } },
         chat: { url: { fromFile: ./chat }, format: slack } } }`,
    );
    const failing = async (name: string) => {
      const error = await destinationOf(config, name).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CustodyError);
      return `${(error as CustodyError).code}: ${(error as CustodyError).message}`;
    };
    expect(await failing('ops')).toContain('SECRET_MISSING');
    await folder.write('key', `${KEY}\n`);
    expect(await destinationOf(config, 'ops')).toMatchObject({ name: 'ops', secret: KEY });
    await folder.write('key', 'hunter2');
    expect(await failing('ops')).toBe(
      'NOTICE_UNUSABLE: The secret of the destination "ops" is no key: it must be whsec_ and 24 to 64 bytes in base64.',
    );
    await folder.write('chat', 'http://hunter2.example/');
    expect(await failing('chat')).not.toContain('hunter2');
    expect(await failing('chta')).toContain('did you mean "chat"');
    expect(await failing('__proto__')).toContain('NOTICE_UNUSABLE');
  });

  test('what a receiver must not repeat is the key, and of a chat its URL in whole and in parts', async () => {
    process.env['NOTICES_CHAT'] = 'https://hooks.slack.example/services/T0123456789/B0123456789/abcdefghijklmnop';
    onTestFinished(() => void delete process.env['NOTICES_CHAT']);
    const config = await load('{ to: { chat: { url: { fromEnv: NOTICES_CHAT }, format: slack } } }');
    const destination = await destinationOf(config, 'chat');
    expect(secretsIn(destination)).toEqual([
      destination.url,
      '/services/T0123456789/B0123456789/abcdefghijklmnop',
      'T0123456789',
      'B0123456789',
      'abcdefghijklmnop',
    ]);
  });
});
