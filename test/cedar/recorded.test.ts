import { defaultPayloadConverter } from '@temporalio/common';
import { beforeAll, describe, expect, test } from 'vitest';
import { DecisionReader } from '../../audit/decisions.ts';
import type { HistoryEvent } from '../../audit/history.ts';
import { policyHash } from '../../cedar/policy.ts';
import { RecordedPolicies } from '../../cedar/recorded.ts';
import { questionOf } from '../../cedar/request.ts';
import type { Intent } from '../../protocol/calls/call.ts';
import type { PolicyDecision } from '../../protocol/calls/policy.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { digestOf } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import { documentOf, policyOf, terms } from './ask.ts';

const RULES =
  '@id("large") @approval forbid(principal, action == Action::"bank.pay", resource) when { context.args.amount > 50 };';
const document = documentOf(RULES);
const set = policyHash(document);
const ref = (name: string): Ref => ({ sha256: name.repeat(64).slice(0, 64), bytes: 10, preview: '' });

const payloads = (...values: unknown[]) => ({
  payloads: values.map((each) => defaultPayloadConverter.toPayload(each)),
});
let events = 0;
const event = (attributes: object): HistoryEvent =>
  ({ eventId: (events += 1), eventTime: { seconds: 1000 }, ...attributes }) as unknown as HistoryEvent;
const scheduled = (name: string, input: unknown): HistoryEvent =>
  event({ activityTaskScheduledEventAttributes: { activityType: { name }, input: payloads(input) } });
const completed = (of: HistoryEvent, result: unknown): HistoryEvent =>
  event({ activityTaskCompletedEventAttributes: { scheduledEventId: of.eventId, result: payloads(result) } });
const fellSilent = (of: HistoryEvent, beat: unknown): HistoryEvent =>
  event({
    activityTaskTimedOutEventAttributes: {
      scheduledEventId: of.eventId,
      failure: { timeoutFailureInfo: { lastHeartbeatDetails: payloads(beat) } },
    },
  });

const intentOf = (rest: Partial<Intent> = {}): Intent => ({
  chain: 'chain',
  sessionId: 's',
  callId: 'a',
  attempt: 1,
  digest: '',
  record: 1,
  server: 'bank',
  tool: 'pay',
  args: { amount: 10 },
  actor: 'clerk',
  idempotencyKey: 's/a',
  effect: 'irreversible',
  timeout: 1000,
  toolHash: 'hash',
  configHash: 'config',
  policy: terms({ set }),
  ...rest,
});

let allowed: PolicyDecision;
let large: PolicyDecision;
beforeAll(async () => {
  const policy = await policyOf(RULES);
  const of = (args: { amount: number }) =>
    policy.decide(questionOf(intentOf(), terms({ set }), { tool: 'pay', args }, false));
  [allowed, large] = [await of({ amount: 10 }), await of({ amount: 100 })];
});

const NOWHERE = {
  get: (): Promise<Json> => Promise.reject(new CustodyError('PAYLOAD_MISSING', 'It is nowhere.')),
};
const loaded = completed(scheduled('loadProfile', {}), { policy: { hash: set, document } });

/** Decides what the events have once more. */
async function again(given: readonly HistoryEvent[], store: { get(ref: Ref): Promise<Json> } = NOWHERE) {
  const reader = new DecisionReader();
  for (const each of given) reader.read('run', each);
  const policies = new RecordedPolicies(reader.rules, store);
  return Promise.all(reader.attempts.map((attempt) => policies.decide(attempt)));
}

describe('P2: recorded decisions, made once more from the history alone', () => {
  test('an outcome with the decision that the rules make is the same', async () => {
    const call = scheduled('callTool', intentOf());
    const end = completed(call, { kind: 'succeeded', result: { content: [] }, decision: allowed });
    expect(await again([loaded, call, end])).toMatchObject([{ isSame: true, now: { verdict: 'allow' } }]);
  });

  test.each<[string, Partial<PolicyDecision>]>([
    ['another verdict', { verdict: 'deny' }],
    ['other rules', { rules: ['default', 'other'] }],
    ['an error', { errors: [{ rule: 'x', message: 'y' }] }],
    ['that it had no effect', { logOnly: true }],
  ])('%s on record is found', async (_, change) => {
    const call = scheduled('callTool', intentOf());
    const end = completed(call, { kind: 'succeeded', decision: { ...allowed, ...change } });
    expect(await again([loaded, call, end])).toMatchObject([{ isSame: false, then: change }]);
  });

  test('another version of Cedar is no difference, nor is how it words an error', async () => {
    const broken = '@id("it") forbid(principal, action, resource) when { context.args.x == 1 };';
    const rules = documentOf(broken);
    const hash = policyHash(rules);
    const decision = { verdict: 'deny', rules: [], errors: [{ rule: 'it', message: 'no x' }], engine: 'cedar 9' };
    const call = scheduled('callTool', intentOf({ policy: terms({ set: hash }) }));
    const read = completed(scheduled('loadProfile', {}), { policy: { hash, document: rules } });
    expect(await again([read, call, completed(call, { kind: 'denied', decision })])).toMatchObject([{ isSame: true }]);
  });

  test('a call that was made without a decision is found', async () => {
    const call = scheduled('callTool', intentOf());
    expect(await again([loaded, call, completed(call, { kind: 'succeeded' })])).toMatchObject([
      { isSame: false, then: null, now: { verdict: 'allow' } },
    ]);
  });

  test('of an attempt that fell silent the sending mark has the decision, or the worker that is asked', async () => {
    const [one, other] = [scheduled('callTool', intentOf()), scheduled('callTool', intentOf({ callId: 'b' }))];
    const recall = scheduled('recallOutcome', { callId: 'b', attempt: 1 });
    const given = [
      loaded,
      one,
      fellSilent(one, { sending: true, decision: allowed }),
      other,
      fellSilent(other, { sending: false }),
      recall,
      completed(recall, { outcome: { kind: 'succeeded', decision: allowed } }),
    ];
    expect(await again(given)).toMatchObject([{ isSame: true }, { isSame: true }]);
  });

  test('an attempt that got no decision, for a reason, is left out and said', async () => {
    const [silent, unsent, held, free] = [
      scheduled('callTool', intentOf()),
      scheduled('callTool', intentOf()),
      scheduled(
        'callTool',
        intentOf({ continues: { responses: [], held: { worker: { name: 'w', boot: 'b' }, id: 'h' } } }),
      ),
      scheduled('callTool', { ...intentOf(), policy: undefined }),
    ];
    const given = [
      loaded,
      silent,
      unsent,
      held,
      free,
      completed(unsent, { kind: 'not_sent', code: 'SERVER_UNAVAILABLE' }),
      completed(held, { kind: 'succeeded' }),
    ];
    expect(await again(given)).toEqual([
      { skipped: 'no decision of it came back' },
      { skipped: 'it was not sent, and not decided' },
      { skipped: 'it goes on with a request that was decided when it was sent' },
      { skipped: 'the session has no rules' },
    ]);
  });

  test('an approval counts for the arguments, tool, rules and time that it was given for', async () => {
    const args = { amount: 100 };
    const grant = {
      approval: 'a1',
      args: digestOf(args),
      toolHash: 'hash',
      set,
      by: ['ann'],
      expiresAt: Date.UTC(2030, 0),
    };
    const decided = async (change: object) => {
      const call = scheduled('callTool', intentOf({ args, grant: { ...grant, ...change } }));
      const [found] = await again([loaded, call, completed(call, { kind: 'denied', decision: large })]);
      return found && 'now' in found ? found.now.verdict : undefined;
    };
    expect(await decided({})).toBe('allow');
    for (const change of [{ args: 'x' }, { toolHash: 'x' }, { set: 'x' }, { expiresAt: 1 }])
      expect(await decided(change)).toBe('needs_approval');
  });

  test('arguments, rules and compensations that stand outside the history are read there', async () => {
    const values: { [sha256: string]: Json } = {
      [ref('a').sha256]: { amount: 100 },
      [ref('b').sha256]: document as unknown as Json,
      [ref('c').sha256]: { args: { amount: 10 } },
    };
    const store = { get: async ({ sha256 }: Ref) => values[sha256] as Json };
    const outside = completed(scheduled('loadProfile', {}), { policy: { hash: set, ref: ref('b') } });
    const call = scheduled('callTool', intentOf({ args: {}, argsRef: ref('a') }));
    const undo = { tool: 'pay', checked: false, ref: ref('c') };
    const compensation = scheduled('callTool', intentOf({ callId: 'b', args: {}, compensates: 'a', undo }));
    const given = [
      outside,
      call,
      compensation,
      completed(call, { kind: 'needs_approval', decision: large }),
      completed(compensation, { kind: 'succeeded', decision: allowed }),
    ];
    expect(await again(given, store)).toMatchObject([
      { isSame: true, now: { verdict: 'needs_approval' } },
      { isSame: true, question: { args: { amount: 10 }, isCompensation: true } },
    ]);
    expect(await again(given)).toMatchObject([
      { skipped: expect.stringContaining('nowhere') },
      { skipped: expect.anything() },
    ]);
  });

  test('rules that are not those that the session names are not asked', async () => {
    const other = completed(scheduled('loadProfile', {}), { policy: { hash: set, document: documentOf('') } });
    const call = scheduled('callTool', intentOf());
    const end = completed(call, { kind: 'succeeded', decision: allowed });
    expect(await again([other, call, end])).toEqual([{ skipped: expect.stringMatching(/have not the hash/) }]);
    expect(await again([call, end])).toEqual([{ skipped: expect.stringMatching(/stand nowhere/) }]);
  });

  test.each([
    null,
    'x',
    { callId: 7 },
    { policy: 7 },
    { policy: { hash: set, document: 7 } },
    { kind: 3, decision: {} },
  ])('a history that has %j in it is read all the same', async (odd) => {
    const [call, other] = [scheduled('callTool', odd), scheduled('callTool', intentOf())];
    const given = [
      completed(scheduled('loadProfile', odd), odd),
      call,
      completed(call, odd),
      other,
      completed(other, odd),
    ];
    expect(await again(given)).toHaveLength(1);
  });
});
