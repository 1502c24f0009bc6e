import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { House } from '../gateway/http/house.ts';
import { Front } from '../gateway/http/front.ts';
import { until } from '../support/until.ts';
import { type Fence, startFence } from './fence.ts';
import { startAgent } from './frameworks/agent.ts';
import { CLAUDE_AGENT_SDK, CLAUDE_CODE } from './frameworks/claude.ts';
import { OPENCLAW } from './frameworks/openClaw.ts';
import { AI_SDK, MCP_AGENT } from './frameworks/others.ts';
import { nodeOf24, npmFolder } from './install.ts';
import { startModel, type Turn } from './model/model.ts';
import { Workplace } from './workplace.ts';

const RULES = `
@id("no-upserts") @says("Append instead.")
forbid(principal, action == Action::"journal.upsert", resource);

@id("published") @approval @says("What is published is looked at by a person.")
forbid(principal, action == Action::"journal.append", resource) when { context.args.text like "publish*" };
`;

let house: House;
let fence: Fence;
beforeAll(async () => {
  [house, fence] = await Promise.all([House.open({ rules: RULES }), startFence()]);
});
afterAll(async () => {
  await fence?.close();
  await house?.close();
});

test.for([AI_SDK, MCP_AGENT, CLAUDE_CODE, CLAUDE_AGENT_SDK, OPENCLAW])(
  'G1, G3, P2, P3, L4, L6: governed by a URL alone: $name',
  async (agent) => {
    const { harness } = house;
    const session = harness.custody.session(await harness.running());
    const gateways = await Promise.all([house.serve(), house.serve()]);
    const front = await Front.open(gateways[0].url);
    const { token } = await house.token({ subject: agent.id, session: session.id });
    const place = await Workplace.open({
      within: harness.dir,
      name: agent.id,
      taskQueue: harness.custody.taskQueue,
      server: 'journal',
      fence,
      served: { url: front.url, token },
    });
    const named = (what: string): string => `${what} by ${agent.id}`;
    const append = (what: string, more: object = {}): Turn => ({
      tool: 'append',
      args: { text: named(what), ...more },
    });
    const gate = `killed-${agent.id}`;
    const turns: readonly (() => Turn | Promise<Turn>)[] = [
      () => append('called'),
      () => ({ tool: 'upsert', args: { key: 'k', value: 'v' } }),
      () => append('publish'),
      async () => {
        await session.pause({ reason: 'lunch' });
        return append('paused');
      },
      () => append('killed', { gate }),
      () => ({ tool: 'custody_status', args: {} }),
    ];
    const model = await startModel((results) => turns[results.length]?.());
    const running = await startAgent(agent, place, model.url);
    try {
      const asked = await until('a person is asked', async () => (await session.describe()).approvals[0]);
      await harness.custody.as('ann').session(session.id).approvals.approve(asked.id, asked.digest);
      await until('a call that waits for the session', async () => {
        const { state, openCalls } = await session.describe();
        return state === 'PAUSED' && openCalls.length > 0;
      });
      expect(harness.phasesOf(named('paused'))).toBe('');
      await session.resume({ reason: 'back' });
      await until('the tool runs', () => harness.phasesOf(named('killed')) === 'begin');
      front.leadTo(gateways[1].url);
      await gateways[0].kill();
      harness.open(gate);
      expect(await running.said).toContain('done');
    } finally {
      await running.kill();
      await model.close();
      await front.close();
    }
    const [called, denied, published, paused, lost, status] = model.results;
    expect(called).toContain(`appended ${named('called')}`);
    expect(denied).toMatch(/POLICY_DENIED: .*no-upserts.*: Append instead\./);
    expect(published).toContain(`appended ${named('publish')}`);
    expect(paused).toContain(`appended ${named('paused')}`);
    expect(lost).not.toContain('appended');
    expect(status).toContain(named('killed'));
    for (const what of ['called', 'publish', 'paused', 'killed'])
      expect(harness.phasesOf(named(what))).toBe('begin end');
    expect([...model.offered].filter((tool) => !agent.offers.test(tool))).toEqual([]);
    expect(fence.asked).toEqual([]);
  },
);

test("G2: the Inspector's command line, on a session that is served by HTTP", async () => {
  const { harness } = house;
  const [{ url }, { token }] = await Promise.all([house.serve(), house.token({ session: await harness.running() })]);
  const [node, packages] = await Promise.all([nodeOf24(), npmFolder('@modelcontextprotocol/inspector@2.12.0')]);
  const custody = { type: 'streamable-http', url: `${url}/mcp`, headers: { Authorization: `Bearer ${token}` } };
  await harness.write('inspector.json', { mcpServers: { custody } });
  const inspector = join(packages, 'node_modules/.bin/mcp-inspector');
  const inspect = async (...args: string[]): Promise<unknown> => {
    const all = [inspector, '--cli', '--config', join(harness.dir, 'inspector.json'), '--server', 'custody', ...args];
    const { stdout } = await promisify(execFile)(node, all, { timeout: 120_000 });
    return JSON.parse(stdout);
  };
  expect(await inspect('--method', 'tools/list')).toMatchObject({
    tools: expect.arrayContaining([expect.objectContaining({ name: 'append' })]) as unknown,
  });
  expect(await inspect('--method', 'tools/call', '--tool-name', 'append', '--tool-arg', 'text=seen')).toMatchObject({
    content: [{ type: 'text', text: 'appended seen' }],
  });
  expect(harness.phasesOf('seen')).toBe('begin end');
});
