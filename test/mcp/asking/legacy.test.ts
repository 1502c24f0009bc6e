import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stdioServer } from '../../servers/start.ts';
import { answeredJson, callOptions, failure, open, until } from '../harness.ts';
import { accept, folder, journal, question } from './helpers.ts';

describe('E8: a server of revision 2025-11-25 that asks in mid-call', () => {
  const connect = (file: string) => open(stdioServer('asking.mjs', '--journal', file, '--revision', '2025-11-25'));

  test('waits for the response; none of its time passes meanwhile', async () => {
    const file = join(folder, 'legacy.jsonl');
    const connection = await connect(file);
    const asked = question(await connection.call('order', {}, callOptions({ timeout: 400 })));
    expect(asked.forms).toMatchObject([{ message: 'Order 12 chairs for 340 EUR?' }]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(connection.idleFor).toBe(0);
    const answer = await asked.held?.respond(accept({ confirm: 'yes' }), callOptions());
    expect(answeredJson(answer!)).toEqual({ order: { action: 'accept', content: { confirm: 'yes' } } });
    expect(journal(file).map(({ phase }) => phase)).toEqual(expect.arrayContaining(['begin', 'end']));
    await until(() => connection.idleFor > 0);
  });

  test('asks twice: each is a question of its own', async () => {
    const connection = await connect(join(folder, 'twice.jsonl'));
    const first = question(await connection.call('survey', {}, callOptions()));
    const second = question(
      (await first.held?.respond(
        first.forms[0]?.message === 'Who pays?' ? accept({ name: 'Ann' }) : accept({ confirm: 'x' }),
        callOptions(),
      ))!,
    );
    expect(new Set([first, second].map(({ forms }) => forms[0]?.message))).toEqual(
      new Set(['Order 12 chairs for 340 EUR?', 'Who pays?']),
    );
    expect(answeredJson((await second.held?.respond({ action: 'cancel' }, callOptions()))!)).toMatchObject({
      order: {},
      who: {},
    });
  });

  test('with other calls under way over stdio: the question is found to be of the call that does not end', async () => {
    const connection = await connect(join(folder, 'several.jsonl'));
    const waiting = Promise.all([300, 600].map((delayMs) => connection.call('wait', { delayMs }, callOptions())));
    const asking = connection.call('order', {}, callOptions());
    expect((await waiting).map(answeredJson)).toEqual([null, null]);
    expect(question(await asking).forms).toHaveLength(1);
  });

  test('a call that is out of time while somebody asks is the one that does; the other ends in its time', async () => {
    const connection = await connect(join(folder, 'out-of-time.jsonl'));
    const slow = connection.call('wait', { delayMs: 2000 }, callOptions());
    const asked = question(await connection.call('order', {}, callOptions({ timeout: 300 })));
    expect(answeredJson((await asked.held?.respond(accept({ confirm: 'x' }), callOptions()))!)).toMatchObject({
      order: { action: 'accept' },
    });
    expect(answeredJson(await slow)).toBeNull();
  });

  test('two calls that ask at once each get an answer', async () => {
    const connection = await connect(join(folder, 'both.jsonl'));
    const asked = (
      await Promise.all([connection.call('order', {}, callOptions()), connection.call('order', {}, callOptions())])
    ).map(question);
    const answers = await Promise.all(
      asked.map(({ held }, index) => held?.respond(accept({ confirm: String(index) }), callOptions())),
    );
    expect(answers.map((answer) => answeredJson(answer!).order.content.confirm).sort()).toEqual(['0', '1']);
  });

  test('hears that the call is given up, and that it is cancelled after the response', async () => {
    const file = join(folder, 'given-up.jsonl');
    const connection = await connect(file);
    question(await connection.call('order', {}, callOptions())).held?.cancel();
    await until(() => journal(file).some(({ phase }) => phase === 'cancelled'));
    const again = question(await connection.call('order', {}, callOptions()));
    const aborted = new AbortController();
    aborted.abort();
    expect(await failure(again.held!.respond(accept({}), callOptions({ signal: aborted.signal })))).toMatchObject({
      code: 'CALL_CANCELLED',
      sent: true,
    });
  });

  test(
    'dies with the question open: the response finds the connection lost, and ' + 'the call may have been sent',
    async () => {
      const connection = await connect(join(folder, 'dies.jsonl'));
      const asked = question(await connection.call('order', {}, callOptions()));
      await connection.close();
      expect(await failure(asked.held!.respond(accept({ confirm: 'x' }), callOptions()))).toMatchObject({
        code: 'CONNECTION_LOST',
        sent: true,
        answered: false,
      });
    },
  );

  test.each(['think', 'browse'])('%s: what is no form is refused to the server', async (tool) => {
    const connection = await connect(join(folder, 'refused-legacy.jsonl'));
    const reply = await connection.call(tool, {}, callOptions()).catch((error: unknown) => error);
    expect(reply).not.toHaveProperty('forms');
  });
});
