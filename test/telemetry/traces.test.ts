import { context, trace } from '@opentelemetry/api';
import { StackContextManager } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Harness } from '../support/harness.ts';
import { startHttpServer, type RunningServer } from '../servers/start.ts';
import { until } from '../support/until.ts';
import { OtlpReceiver, type SpanSeen } from './receiver.ts';

const CLIENT = 3;
const ERROR = 2;
const TOKEN = 'a-token-that-nobody-may-read';
const RULES = `
@id("no") forbid(principal, action, resource) when { context.args has text && context.args.text == "forbidden" };
@id("ok") permit(principal, action, resource);
`;

const newTrace = (flags = '01') => {
  const hex = (digits: number) => crypto.randomUUID().replaceAll('-', '').slice(0, digits);
  const [traceId, spanId] = [hex(32), hex(16)];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
};

let receiver: OtlpReceiver;
let old: RunningServer;
let harness: Harness;
beforeAll(async () => {
  vi.stubEnv('TEST_OTLP_TOKEN', `Bearer ${TOKEN}`);
  receiver = await OtlpReceiver.start();
  old = await startHttpServer('journal.mjs', [
    '--journal',
    '/dev/null',
    '--revision',
    '2025-11-25',
    '--sessions',
    'yes',
  ]);
  harness = await Harness.start({
    rules: RULES,
    servers: { old: { url: `${old.server.url}?at=in-the-url` } },
    tools: { 'old.*': { effect: 'read-only' } },
    config: {
      telemetry: { otlp: { url: receiver.url, headers: { authorization: { fromEnv: 'TEST_OTLP_TOKEN' } } } },
      prices: { calls: { 'journal.*': { call: 0.002 } } },
    },
    profile: { cost: { budgetLimit: 10 } },
  });
});
afterAll(async () => {
  await harness?.stop();
  await old?.kill();
  await receiver?.stop();
  vi.unstubAllEnvs();
});

/** The span of an attempt, once it is there. */
const spanOf = (session: string, attempt: string): Promise<SpanSeen> =>
  until(`the span of ${attempt}`, () => receiver.spansOf(session).find(([name]) => name === attempt)?.[1]);
const metaOf = (session: string, callId: string) =>
  harness.journal().find(({ idempotencyKey }) => idempotencyKey === `${session}/${callId}`)?.meta;

describe('A8: a span of an attempt', () => {
  test('has the names of the conventions, is under the span of its caller, and above that of the server', async () => {
    const id = await harness.running();
    const { traceId, spanId, traceparent } = newTrace();
    const args = { text: 'the secret of the call' };
    await harness.custody.session(id).call('journal.append', args, { callId: 'c', traceparent });
    const span = await spanOf(id, 'c/1');
    expect(span).toMatchObject({ name: 'tools/call append', kind: CLIENT, traceId, parentSpanId: spanId });
    expect(span.attributes).toEqual({
      'mcp.method.name': 'tools/call',
      'mcp.protocol.version': '2026-07-28',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'append',
      'gen_ai.conversation.id': id,
      'network.transport': 'pipe',
      'custody.server': 'journal',
      'custody.call.id': 'c',
      'custody.attempt': 1,
      'custody.record': expect.any(Number) as number,
      'custody.effect': 'irreversible',
      'custody.outcome': 'succeeded',
      'custody.decision.verdict': 'allow',
      'custody.decision.rules': ['ok'],
      'custody.cost.micro_usd': 2000,
    });
    expect(span.resource).toMatchObject({ 'service.name': 'custody-worker' });
    expect(metaOf(id, 'c')?.traceparent).toBe(`00-${traceId}-${span.spanId}-01`);
    expect((await harness.custody.session(id).describe()).money).toMatchObject({ parts: { calls: 2000 } });
  });

  test('says where a server over HTTP is, and in which protocol session', async () => {
    const id = await harness.running({ servers: ['old'] });
    await harness.custody.session(id).call('old.lookup', { key: 'k' }, { callId: 'h' });
    const { attributes } = await spanOf(id, 'h/1');
    expect(attributes).toMatchObject({
      'mcp.protocol.version': '2025-11-25',
      'mcp.session.id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'network.transport': 'tcp',
      'network.protocol.name': 'http',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(old.server.url).port),
    });
  });

  test('says of what kind an error is; of a call that was not sent there is none', async () => {
    const id = await harness.running();
    const session = harness.custody.session(id);
    expect(await session.call('journal.append', { text: 'forbidden' }, { callId: 'no' })).toMatchObject({
      outcome: 'refused',
    });
    await session.call('journal.fail', {}, { callId: 'fails' });
    const span = await spanOf(id, 'fails/1');
    expect(span.status).toEqual({ code: ERROR });
    expect(span.attributes).toMatchObject({ 'error.type': 'tool_error', 'custody.outcome': 'tool_error' });
    expect(receiver.spansOf(id).map(([attempt]) => attempt)).toEqual(['fails/1']);
  });
});

describe('A8: the trace of a caller', () => {
  test('is that of the span that is active, else TRACEPARENT, at a start for the calls that bring none', async () => {
    const active = newTrace();
    context.setGlobalContextManager(new StackContextManager().enable());
    onTestFinished(() => context.disable());
    const { traceId, spanId } = active;
    const within = trace.setSpanContext(context.active(), { traceId, spanId, traceFlags: 1 });
    const id = await harness.running();
    await context.with(within, () => harness.custody.session(id).call('journal.lookup', { key: 'k' }, { callId: 'a' }));
    expect(await spanOf(id, 'a/1')).toMatchObject({ traceId, parentSpanId: spanId });

    const environment = newTrace();
    vi.stubEnv('TRACEPARENT', environment.traceparent);
    const started = await harness.running({
      plan: [{ call: 'journal.lookup', args: { key: 'k' }, as: 'p' }],
      keepOpen: true,
    });
    vi.stubEnv('TRACEPARENT', undefined);
    expect(await spanOf(started, 'plan/p/1')).toMatchObject({ traceId: environment.traceId });
    await harness.custody.session(started).call('journal.lookup', { key: 'k' }, { callId: 'later' });
    expect(await spanOf(started, 'later/1')).toMatchObject({ traceId: environment.traceId });
  });

  test('that is none is taken for none, and tells no call from another', async () => {
    const id = await harness.running();
    const call = (traceparent: string) =>
      harness.custody.session(id).call('journal.append', { text: 'once' }, { callId: 'once', traceparent });
    await call(`00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`);
    const span = await spanOf(id, 'once/1');
    expect(span.parentSpanId ?? '').toBe('');
    await call(newTrace().traceparent);
    expect(harness.journal().filter(({ args }) => args.text === 'once')).toHaveLength(2); // begin and end
    const raw = harness.custody.temporal.workflow.getHandle(id);
    const input = { actor: 'x', callId: 'raw', server: 'journal', tool: 'lookup', args: { key: 'k' } };
    await raw.executeUpdate('call', { args: [{ ...input, traceparent: { toString: 'x'.repeat(1000) } }] });
    expect((await spanOf(id, 'raw/1')).parentSpanId ?? '').toBe('');
  });

  test('that is not sampled makes no span, and goes on to the server as not sampled', async () => {
    const id = await harness.running();
    const { traceId, traceparent } = newTrace('00');
    await harness.custody.session(id).call('journal.lookup', { key: 'k' }, { callId: 'quiet', traceparent });
    await harness.custody.session(id).call('journal.lookup', { key: 'k' }, { callId: 'loud' });
    await spanOf(id, 'loud/1');
    expect(receiver.spansOf(id).map(([attempt]) => attempt)).toEqual(['loud/1']);
    expect(metaOf(id, 'quiet')?.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  });
});

test('A8: arguments, results and secrets are in nothing that goes out', async () => {
  const id = await harness.running();
  await harness.custody.session(id).call('journal.upsert', { key: 'an-argument', value: 'a-value' }, { callId: 's' });
  await harness.custody.session(id).call('journal.lookup', { key: 'an-argument' }, { callId: 'r' });
  await spanOf(id, 'r/1');
  await harness.stopWorker();
  await harness.startWorker();
  expect(receiver.metrics).toContain('mcp.client.operation.duration');
  for (const { headers } of receiver.requests) expect(headers.authorization).toBe(`Bearer ${TOKEN}`);
  const all = receiver.requests.map(({ body }) => body).join('\n');
  for (const hidden of ['an-argument', 'a-value', 'the secret of the call', TOKEN, 'in-the-url'])
    expect(all).not.toContain(hidden);
});
