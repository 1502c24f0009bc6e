import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readQuestion } from '../../../mcp/calls/question.ts';
import { stdioServer } from '../../servers/start.ts';
import { answeredJson, callOptions, failure, open } from '../harness.ts';
import { accept, folder, journal, question } from './helpers.ts';

describe('E8: a server of revision 2026-07-28 that asks', () => {
  const connect = (file: string) => open(stdioServer('asking.mjs', '--journal', file));

  test('is answered in another call, with its state unchanged', async () => {
    const file = join(folder, 'modern.jsonl');
    const connection = await connect(file);
    const asked = question(await connection.call('survey', {}, callOptions()));
    expect(asked.forms.map(({ key, message }) => [key, message])).toEqual([
      ['order', 'Order 12 chairs for 340 EUR?'],
      ['who', 'Who pays?'],
    ]);
    expect(asked).toMatchObject({
      requestState: 'survey: 340 EUR',
      forms: [{ schema: { required: ['confirm'] } }, {}],
    });
    expect(asked.held).toBeUndefined();
    const responses = [
      { key: 'order', response: accept({ confirm: 'true' }) },
      { key: 'who', response: { action: 'decline' as const } },
    ];
    const answer = await connection.call(
      'survey',
      {},
      callOptions({ continues: { responses, requestState: 'survey: 340 EUR' } }),
    );
    expect(answeredJson(answer)).toEqual({
      order: { action: 'accept', content: { confirm: 'true' } },
      who: { action: 'decline' },
    });
    expect(journal(file).map(({ phase }) => phase)).toEqual(['begin', 'again', 'end']);
  });

  test.each(['think', 'browse'])('%s: what is no form cannot be asked, and nothing is in doubt', async (tool) => {
    const connection = await connect(join(folder, 'refused.jsonl'));
    const refused = await failure(connection.call(tool, {}, callOptions()));
    expect(refused).toMatchObject({ code: 'SERVER_REFUSED', answered: true });
    expect(refused.message).toContain('client capabilities do not declare');
  });

  test.each([
    ['a model', { method: 'sampling/createMessage', params: {} }, 'it asks for sampling/createMessage'],
    ['folders', { method: 'roots/list' }, 'it asks for roots/list'],
    [
      'a link to open',
      { method: 'elicitation/create', params: { mode: 'url', message: 'Log in', url: 'https://example.com' } },
      'it asks in mode url',
    ],
    [
      'too much',
      { method: 'elicitation/create', params: { message: 'x'.repeat(20_000), requestedSchema: {} } },
      '16384 is the limit',
    ],
    [
      'what is no text',
      { method: 'elicitation/create', params: { message: '\ud800', requestedSchema: {} } },
      'not well-formed Unicode',
    ],
    ['nothing that can be read', 'elicitation/create', 'it asks for undefined'],
  ])('asks for %s although that was not offered: refused by code', (_, request, why) => {
    const inputRequests = { key: request as never };
    const read = () => readQuestion('tool', ['form'], { resultType: 'input_required', inputRequests });
    expect(read).toThrow(
      expect.objectContaining({
        code: 'SERVER_ASKS_UNSUPPORTED',
        sent: true,
        answered: true,
        message: expect.stringContaining(why) as string,
      }),
    );
  });
});
