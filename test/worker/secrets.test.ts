import { describe, expect, test } from 'vitest';
import type { Reply } from '../../mcp/calls/call.ts';
import { digestOf } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import { REDACTED } from '../../protocol/values/redacted.ts';
import { redacted, redactedReply, redactedTools } from '../../worker/secrets/redact.ts';
import { Secrets } from '../../worker/secrets/secrets.ts';

const knowing = (...values: string[]): Secrets => {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SECRET = 'hunter/2+ü" x';

describe('E1: a secret is blotted out of a text', () => {
  test.each([
    ['as it is', SECRET],
    ['as JSON has it', JSON.stringify(SECRET).slice(1, -1)],
    ['as a part of a URL', encodeURIComponent(SECRET)],
    ['in lower case', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['as a form sends it', new URLSearchParams({ a: SECRET }).toString().slice(2)],
    ['in base64', base64(SECRET)],
    ['in base64 without its end', base64(SECRET).replace(/=+$/, '')],
    ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
  ])('%s', (_, spelt) => {
    expect(knowing(SECRET).redact(`before ${spelt} after`)).toBe(`before ${REDACTED} after`);
  });

  test.each(['', 'a', 'ab', 'abc', 'user:'])('in base64 behind %j, but for some characters at its ends', (before) => {
    const secret = '0123456789abcdef';
    const shown = knowing(secret).redact(base64(`${before}${secret}and more`));
    expect(shown).toContain(REDACTED);
    expect(Buffer.from(shown.replace(REDACTED, ''), 'base64').toString('latin1')).not.toMatch(/[0-9a-f]{4}/);
  });

  test('and so are the credential of a scheme, the pair of Basic, and long words of several', () => {
    const secrets = knowing('Bearer abcdef1', `Basic ${base64('ann:open-sesame')}`, 'PRIVATE KEY 0123456789abcdef');
    const said = 'Bearer abcdef1; ann:open-sesame; open-sesame; KEY 0123456789abcdef';
    expect(secrets.redact(said)).toBe(`${REDACTED}; ${REDACTED}; ${REDACTED}; KEY ${REDACTED}`);
    for (const text of ['a Bearer token', 'Basic needs', 'PRIVATE KEY']) expect(secrets.redact(text)).toBe(text);
  });

  test('and nothing is, where none is known, or one of less than six characters', () => {
    expect(knowing().redact('as it is')).toBe('as it is');
    expect(knowing('a b c').redact('a b c')).toBe('a b c');
  });
});

describe('E1: of what a server says', () => {
  const secrets = knowing('12345678');

  test('numbers stay, and the text of a result stays JSON', () => {
    const exact = '{"content":[],"n":12345678,"big":12345678901234567890,"t":"\\u0031\\u0032345678\\n"}';
    const reply = redactedReply({ isError: false, content: [], more: { n: 12345678 }, exact }, secrets);
    expect(reply).toEqual({
      isError: false,
      content: [],
      more: { n: 12345678 },
      exact: `{"content":[],"n":12345678,"big":12345678901234567890,"t":"${REDACTED}\\n"}`,
    });
  });

  test('a question is shown without it, and what goes back to the server is as it was', () => {
    const form = { key: '12345678', message: 'Is it 12345678?', schema: { title: '12345678' } };
    expect(redactedReply({ forms: [form], requestState: '12345678' }, secrets)).toEqual({
      forms: [{ key: '12345678', message: `Is it ${REDACTED}?`, schema: { title: REDACTED } }],
      requestState: '12345678',
    });
  });

  test('without a secret of its own all is as it came', () => {
    const reply: Reply = { isError: false, raw: { said: '12345678' } };
    expect(redactedReply(reply, knowing())).toBe(reply);
  });

  test('a tool that is described with it is known by the hash of what is shown', () => {
    const definition = (description: string) => ({ name: 'a', description, inputSchema: { type: 'object' as const } });
    const tool = (description: string) =>
      new Map([['a', { name: 'a', hash: description, annotations: {}, definition: definition(description) }]]);
    const hidden = redactedTools(tool('with 12345678'), secrets).get('a')?.hash;
    expect(hidden).toMatch(/^[0-9a-f]{64}$/);
    expect(redactedTools(tool(`with ${base64('12345678')}`), secrets).get('a')?.hash).toBe(hidden);
    expect(redactedTools(tool('without'), secrets).get('a')?.hash).toBe('without');
    // A listing through the session shows all of it, and is compared with the hash.
    const whole = { ...definition('with 12345678'), outputSchema: { type: 'object' as const } };
    const listed = new Map([['a', { name: 'a', hash: '', annotations: {}, definition: whole }]]);
    expect(redactedTools(listed, secrets).get('a')?.hash).toBe(digestOf(redacted(whole, secrets) as unknown as Json));
  });
});
