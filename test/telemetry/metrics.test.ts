import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveHealth } from '../../worker/health.ts';
import { inBackground } from '../cli/harness.ts';
import { Harness } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';
import { OtlpReceiver } from './receiver.ts';

const RULES = `
@id("no") forbid(principal, action, resource) when { context.args has text && context.args.text == "forbidden" };
@id("ask") @approval forbid(principal, action, resource) when { context.args has text && context.args.text == "ask" };
@id("ok") permit(principal, action, resource);
`;

let receiver: OtlpReceiver;
let harness: Harness;
beforeAll(async () => {
  receiver = await OtlpReceiver.start();
  harness = await Harness.start({
    rules: RULES,
    config: {
      telemetry: { otlp: { url: receiver.url }, prometheus: true },
      prices: { calls: { 'journal.*': { call: 0.002 } } },
    },
    profile: { cost: { budgetLimit: 10 } },
  });
});
afterAll(async () => {
  await harness?.stop();
  await receiver?.stop();
});

/** What a scraper reads. */
async function scraped(): Promise<readonly string[]> {
  const health = await serveHealth(
    '127.0.0.1',
    0,
    () => true,
    () => harness.metrics,
  );
  try {
    const response = await fetch(`http://127.0.0.1:${health.port}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/plain');
    return (await response.text()).split('\n');
  } finally {
    await health.close();
  }
}

/** The value of the one series of this name that has these labels. */
function valueOf(lines: readonly string[], name: string, labels: { readonly [label: string]: string }): number {
  const found = lines.filter(
    (line) =>
      line.startsWith(`${name}{`) &&
      Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
  );
  expect(found, `${name} ${JSON.stringify(labels)}`).toHaveLength(1);
  return Number(found[0]!.split(' ').at(-1));
}

test('A8, U3: /metrics and the receiver have the same figures of calls, decisions, money and sessions', async () => {
  const id = await harness.running();
  const session = harness.custody.session(id);
  await session.call('journal.append', { text: 'a' }, { callId: 'call-a' });
  await session.call('journal.append', { text: 'b' });
  await session.call('journal.lookup', { key: 'k' });
  await session.call('journal.append', { text: 'forbidden' });
  const asked = session.call('journal.append', { text: 'ask' }, { callId: 'asked', wait: false });
  await expect(asked).rejects.toMatchObject({ code: 'CALL_PARKED' });
  await harness.until(id, ({ approvals }) => approvals.length === 1);
  await expect
    .poll(async () => (await harness.custody.list({ state: 'RUNNING' })[Symbol.asyncIterator]().next()).done)
    .toBe(false);

  const lines = await scraped();
  const server = { custody_server: 'journal' };
  const irreversible = { ...server, custody_effect: 'irreversible' };
  expect(valueOf(lines, 'custody_attempts_total', { ...irreversible, custody_outcome: 'succeeded' })).toBe(2);
  expect(valueOf(lines, 'custody_attempts_total', { custody_outcome: 'denied', error_type: 'POLICY_DENIED' })).toBe(1);
  expect(valueOf(lines, 'custody_attempts_total', { custody_outcome: 'needs_approval' })).toBe(1);
  expect(valueOf(lines, 'custody_decisions_total', { custody_decision_verdict: 'allow' })).toBe(3);
  expect(valueOf(lines, 'custody_decisions_total', { custody_decision_verdict: 'deny' })).toBe(1);
  expect(valueOf(lines, 'custody_cost_micro_usd_total', server)).toBe(6000);
  const append = { mcp_method_name: 'tools/call', gen_ai_tool_name: 'append' };
  expect(valueOf(lines, 'mcp_client_operation_duration_count', append)).toBe(2);
  expect(valueOf(lines, 'custody_sessions', { custody_session_state: 'RUNNING' })).toBe(1);
  expect(valueOf(lines, 'custody_sessions', { custody_session_state: 'PAUSED' })).toBe(0);
  expect(valueOf(lines, 'custody_sessions_pending', { custody_pending: 'approve' })).toBe(1);
  for (const hidden of [id, 'call-a', 'asked']) expect(lines.join('\n')).not.toContain(hidden);

  await harness.stopWorker();
  expect([...receiver.metrics]).toEqual(
    expect.arrayContaining([
      'mcp.client.operation.duration',
      'custody.attempts',
      'custody.decisions',
      'custody.cost.micro_usd',
      'custody.sessions',
      'custody.sessions.pending',
    ]),
  );
  await harness.startWorker();
});

test('A8, U3: custody worker serves /metrics beside its probes', async () => {
  await harness.stopWorker();
  const where = ['--address', temporalAddress(), '--task-queue', harness.custody.taskQueue];
  const config = join(harness.dir, 'custody.yaml');
  const worker = await inBackground(['worker', '--config', config, ...where, '--health-port', '0'], {
    env: { CUSTODY_STATE_DIR: join(harness.dir, 'other') },
  });
  try {
    const at = `http://127.0.0.1:${String(worker.said.healthPort)}`;
    expect((await fetch(`${at}/readyz`)).status).toBe(200);
    const metrics = await fetch(`${at}/metrics`);
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toMatch(/^target_info\{.*service_name="custody-worker".*\} 1$/m);
    expect((await fetch(`${at}/metrics`, { method: 'POST' })).status).toBe(405);
  } finally {
    await worker.stop();
    await harness.startWorker();
  }
});
