import { afterEach, describe, expect, test } from 'vitest';
import { ThreadedEngine } from '../../cedar/engine/threaded.ts';
import { cedarRequest } from '../../cedar/request.ts';
import { policyOf, question } from './ask.ts';

describe('P1: rules that are evaluated in a thread', () => {
  let engine: ThreadedEngine | undefined;
  afterEach(async () => {
    await engine?.close();
  });

  test('say what they say elsewhere', async () => {
    engine = new ThreadedEngine();
    const text = '@id("small") forbid(principal, action, resource) when { context.args.amount > 50 };';
    const [threaded, direct] = [await policyOf(text, {}, engine), await policyOf(text)];
    for (const amount of [1, 100, 'x'])
      expect(await threaded.decide(question({ args: { amount } }))).toEqual(
        await direct.decide(question({ args: { amount } })),
      );
  });

  test('that are slow on purpose deny, and hold up nothing but the call that they are asked about', async () => {
    engine = new ThreadedEngine({ limit: 300 });
    const like = `context.args.content like "*${'a*'.repeat(20)}b*${'a*'.repeat(20)}c"`;
    const slow = Array.from({ length: 900 }, () => `forbid(principal, action, resource) when { ${like} };`);
    const policy = await policyOf(slow.join('\n'), {}, engine);
    const content = 'ab'.repeat(32_000);
    const long = policy.decide(question({ args: { content } }));
    const short = policy.decide(question({ args: { content: 'x' } }));
    expect(await long).toMatchObject({ verdict: 'deny', errors: [{ rule: '', message: 'it took longer than 0.3 s' }] });
    expect(await short).toMatchObject({ verdict: 'allow' });
  });

  test('that break Cedar deny, and other rules are evaluated as before', async () => {
    engine = new ThreadedEngine();
    const policy = await policyOf('forbid(principal, action, resource) when { context.args.n == 1 };', {}, engine);
    for (let times = 0; times < 2; times += 1) {
      const odd = { ...cedarRequest(question()), context: { args: { n: 1n as unknown as number } } };
      expect(await engine.ask(`${policy.hash}/enforced/asking`, odd)).toMatchObject({
        allows: false,
        errors: [{ rule: '' }],
      });
      expect(await policy.decide(question({ args: { n: 2 } }))).toMatchObject({ verdict: 'allow' });
    }
  });

  test('asked many at once, each has its own answer', async () => {
    engine = new ThreadedEngine();
    const policy = await policyOf(
      '@id("odd") forbid(principal, action, resource) when { context.args.n == 7 };',
      {},
      engine,
    );
    const said = await Promise.all(Array.from({ length: 200 }, (_, n) => policy.decide(question({ args: { n } }))));
    expect(said.flatMap(({ verdict }, n) => (verdict === 'deny' ? [n] : []))).toEqual([7]);
  });

  test('a process that stood still does not take an answer that is there for a late one', async () => {
    engine = new ThreadedEngine({ limit: 200 });
    const policy = await policyOf('permit(principal, action, resource);', { default: 'deny' }, engine);
    await policy.decide(question());
    const decided = policy.decide(question());
    const until = performance.now() + 600;
    while (performance.now() < until);
    expect(await decided).toMatchObject({ verdict: 'allow' });
  });
});
