import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cedarRequest } from '../../cedar/request.ts';
import { sayWhy } from '../../cedar/say.ts';
import { policyOf, question, terms } from './ask.ts';

describe('P1: what rules say of a call', () => {
  test('a forbid denies, in the words of its author', async () => {
    const policy = await policyOf(
      '@id("small") @says("Payments above 50 go by the finance team.")\n' +
        'forbid(principal, action == Action::"bank.pay", resource) when { context.args.amount > 50 };',
    );
    const decision = await policy.decide(question());
    expect(decision).toEqual({ verdict: 'deny', rules: ['small'], engine: expect.stringMatching(/^cedar \d/) });
    expect(sayWhy(policy, question(), decision)).toBe(
      'bank.pay is denied by the rule "small": Payments above 50 go by the finance team.',
    );
    expect(await policy.decide(question({ args: { amount: 50 } }))).toMatchObject({
      verdict: 'allow',
      rules: ['default'],
    });
  });

  test('what no rule speaks for is denied or allowed, as the set says', async () => {
    const permit = '@id("reads") permit(principal, action, resource) when { context.effect == "read-only" };';
    const strict = await policyOf(permit, { default: 'deny' });
    const denied = await strict.decide(question());
    expect(denied).toMatchObject({ verdict: 'deny', rules: [] });
    expect(sayWhy(strict, question(), denied)).toBe('No rule allows bank.pay, and what no rule allows is denied.');
    expect(await strict.decide(question({ effect: 'read-only' }))).toMatchObject({
      verdict: 'allow',
      rules: ['reads'],
    });
    expect(await (await policyOf(permit)).decide(question())).toMatchObject({ verdict: 'allow' });
  });

  test.each([
    ['the agent', 'principal == Agent::"clerk" && principal.version == "1.0.0"'],
    ['its labels', 'principal.hasTag("team") && principal.getTag("team") == "docs"'],
    ['who started the session', 'principal has startedBy && principal.startedBy == "ann"'],
    ['the person who proved to have started it', 'principal has person && principal.person == "ann.smith"'],
    ['who makes the call', 'context.actor == "clerk"'],
    ['the server', 'resource == Server::"bank"'],
    ['the effect class', 'context.effect == "irreversible"'],
    ['arguments within arguments', 'context.args.to == "bob"'],
    ['totals', 'context.totals.calls >= 3 && context.totals.denials == 0 && context.totals.minutes < 8'],
    ['the time of day', 'context.hour >= 18 && context.now.toTime() > duration("18h")'],
    ['the day', 'context.weekday == "friday"'],
    ['whether it undoes another call', '!context.compensation && !context.approved && context.attempt == 1'],
    ['the method', 'context.method == "tools/call"'],
  ])('a rule can read %s', async (_, condition) => {
    const policy = await policyOf(`@id("it") forbid(principal, action, resource) when { ${condition} };`);
    expect(await policy.decide(question())).toMatchObject({ verdict: 'deny', rules: ['it'] });
    expect((await policy.decide(question())).errors).toBeUndefined();
  });

  test('a read of a resource is an action of its own', async () => {
    const policy = await policyOf(
      '@id("secret") forbid(principal, action == Action::"files resources/read", resource) ' +
        'when { context.args.uri like "*secret*" };',
    );
    const read = question({
      server: 'files',
      tool: 'file:///secret',
      method: 'resources/read',
      args: { uri: 'file:///secret' },
    });
    expect(await policy.decide(read)).toMatchObject({ verdict: 'deny' });
  });
});

describe('P1: an evaluation error of any kind denies, and says which rule and why', () => {
  test.each([
    ['an argument that is not there', 'context.args.missing == 1', /missing/],
    ['a value of another kind', 'context.args.to > 5', /type error/],
    ['a tag that is not there', 'principal.getTag("colour") == "red"', /tag/],
    ['an overflow', 'context.args.amount * 9223372036854775807 > 1', /overflow/],
    ['a value that cannot be read', 'decimal(context.args.to) == decimal("1.0")', /decimal/],
  ])('%s', async (_, condition, why) => {
    const policy = await policyOf(`@id("broken") forbid(principal, action, resource) when { ${condition} };`);
    const decision = await policy.decide(question());
    expect(decision).toMatchObject({
      verdict: 'deny',
      errors: [{ rule: 'broken', message: expect.stringMatching(why) }],
    });
    expect(sayWhy(policy, question(), decision)).toContain('The rule "broken" cannot be evaluated for bank.pay');
  });

  test('even where the broken rule would permit, and where an approval is there', async () => {
    const policy = await policyOf('@id("broken") permit(principal, action, resource) when { context.args.x == 1 };');
    expect(await policy.decide(question({ isApproved: true }))).toMatchObject({ verdict: 'deny' });
  });
});

describe('P1: needs approval', () => {
  const rules =
    '@id("big") @approval("2") @expires("2h") ' +
    'forbid(principal, action, resource) when { context.args.amount > 50 };\n' +
    '@id("mallory") forbid(principal, action, resource) when { context.args.to == "mallory" };';

  test('where nothing but rules with @approval forbids it, and then an approval allows it', async () => {
    const policy = await policyOf(rules);
    const decision = await policy.decide(question());
    expect(decision).toMatchObject({ verdict: 'needs_approval', rules: ['big'] });
    expect(policy.approvalOf(decision.rules)).toEqual({ persons: 2, expires: 7_200_000 });
    expect(await policy.decide(question({ isApproved: true }))).toMatchObject({ verdict: 'allow', rules: ['big'] });
  });

  test('an approval of fewer persons than the rules want now asks again', async () => {
    const policy = await policyOf(rules);
    const approvedBy = (persons: number) => policy.decide(question({ isApproved: true, approvedBy: persons }));
    expect(await approvedBy(1)).toMatchObject({ verdict: 'needs_approval', rules: ['big'] });
    expect(await approvedBy(2)).toMatchObject({ verdict: 'allow', rules: ['big'] });
  });

  test('an approval does not help against another rule, nor where no rule allows the call', async () => {
    const bad = question({ args: { to: 'mallory', amount: 100 }, isApproved: true });
    expect(await (await policyOf(rules)).decide(bad)).toMatchObject({ verdict: 'deny' });
    const strict = await policyOf(rules, { default: 'deny' });
    expect(await strict.decide(question({ isApproved: true }))).toMatchObject({ verdict: 'deny', rules: [] });
  });
});

describe('P2: log-only', () => {
  test('a rule on trial changes nothing, and what it would have done is on record', async () => {
    const policy = await policyOf('@id("new") @mode("log-only") forbid(principal, action, resource);');
    expect(await policy.decide(question())).toMatchObject({
      verdict: 'allow',
      trial: { verdict: 'deny', rules: ['new'] },
    });
  });

  test('a rule on trial that errs denies nothing', async () => {
    const policy = await policyOf(
      '@id("new") @mode("log-only") forbid(principal, action, resource) when { context.args.x == 1 };',
    );
    expect(await policy.decide(question())).toMatchObject({
      verdict: 'allow',
      trial: { verdict: 'deny', rules: ['default', 'new'] },
    });
  });

  test('a set on trial says what it would have done', async () => {
    const policy = await policyOf('@id("no") forbid(principal, action, resource);', { mode: 'log-only' });
    expect(await policy.decide(question())).toMatchObject({ verdict: 'deny', rules: ['no'], logOnly: true });
  });
});

const RUNS = Number(process.env.CUSTODY_RUNS ?? 1000);

describe('P1: for random rules and calls', () => {
  const number = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer());
  const args = fc.record(
    {
      amount: fc.oneof(number, fc.string()),
      to: fc.constantFrom('ann', 'bob', '*', ''),
      deep: fc.record({ x: number }, { requiredKeys: [] }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const condition = fc.oneof(
    number.map((n) => `context.args.amount > ${n}`),
    number.map((n) => `context.args has amount && context.args.amount == ${n}`),
    fc.constantFrom('ann', 'bob').map((who) => `context.args has to && context.args.to == "${who}"`),
    number.map((n) => `context.args.deep.x <= ${n}`),
    fc.constantFrom(
      'context.args.to like "*b"',
      'context.totals.calls > 2',
      'principal.getTag("team") == "docs"',
      'true',
    ),
  );
  const scope = fc.constantFrom(
    'principal, action, resource',
    'principal, action == Action::"bank.pay", resource',
    'principal, action, resource == Server::"files"',
  );
  const rules = fc.array(
    fc.tuple(fc.constantFrom('permit', 'forbid'), scope, condition, fc.constantFrom('when', 'unless')),
    { maxLength: 6 },
  );

  test('the verdict is that of Cedar itself, but that an error denies', async () => {
    await fc.assert(
      fc.asyncProperty(rules, args, fc.constantFrom('allow', 'deny' as const), async (made, given, otherwise) => {
        const texts = made.map(([effect, head, body, how], n) => `@id("r${n}") ${effect}(${head}) ${how} { ${body} };`);
        const policy = await policyOf(texts.join('\n'), { default: otherwise as 'allow' | 'deny' });
        const asked = question({
          args: given as { [name: string]: string },
          terms: terms({ labels: given.to === '*' ? {} : { team: 'docs' } }),
        });
        const decision = await policy.decide(asked);
        const byDefault = otherwise === 'allow' ? ['permit(principal, action, resource);'] : [];
        const answer = isAuthorized({
          ...cedarRequest(asked),
          policies: { staticPolicies: Object.fromEntries([...texts, ...byDefault].map((text, n) => [`p${n}`, text])) },
        });
        if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
        const { decision: direct, diagnostics } = answer.response;
        expect(decision.verdict).toBe(diagnostics.errors.length > 0 ? 'deny' : direct);
        expect(decision.errors?.length ?? 0).toBe(diagnostics.errors.length);
        expect(await policy.decide(asked)).toEqual(decision);
      }),
      { numRuns: RUNS },
    );
  });
});
