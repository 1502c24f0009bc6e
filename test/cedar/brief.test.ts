import { afterEach, describe, expect, test } from 'vitest';
import { BriefEngine } from '../../cedar/engine/brief.ts';
import { cedarRequest } from '../../cedar/request.ts';
import { policyOf, question } from './ask.ts';

const SMALL = '@id("small") forbid(principal, action, resource) when { context.args.amount > 50 };';

describe('P1: rules that are evaluated where they are asked, if that is brief', () => {
  let engine: BriefEngine;
  afterEach(() => engine.close());

  const isBrief = async (rules: string, text: string): Promise<boolean> => {
    engine = new BriefEngine();
    const { hash } = await policyOf(rules, {}, engine);
    return engine.isBrief(`${hash}/enforced/asking`, cedarRequest(question({ args: { text } })));
  };

  test('say what they say elsewhere, errors too', async () => {
    engine = new BriefEngine();
    const [brief, direct] = [await policyOf(SMALL, {}, engine), await policyOf(SMALL)];
    for (const amount of [1, 100, 'x', 'x'.repeat(100_000)])
      expect(await brief.decide(question({ args: { amount } }))).toEqual(
        await direct.decide(question({ args: { amount } })),
      );
  });

  test('few rules and a short call are brief; many rules, or a long text, are not', async () => {
    expect(await isBrief(SMALL, 'x')).toBe(true);
    await engine.close();
    expect(await isBrief(SMALL, 'x'.repeat(60_000))).toBe(false);
    await engine.close();
    expect(await isBrief(Array.from({ length: 300 }, () => SMALL.replace(/@id\S+ /, '')).join('\n'), 'x')).toBe(false);
  });

  test('what breaks Cedar is denied, and the next call is decided', async () => {
    engine = new BriefEngine();
    const policy = await policyOf(SMALL, {}, engine);
    const odd = { ...cedarRequest(question()), context: { args: { n: 1n as unknown as number } } };
    const said = await engine.ask(`${policy.hash}/enforced/asking`, odd);
    expect(said).toMatchObject({ allows: false, errors: [{ rule: '' }] });
    expect(await policy.decide(question({ args: { amount: 2 } }))).toMatchObject({ verdict: 'allow' });
  });
});
