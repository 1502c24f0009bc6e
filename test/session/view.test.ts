import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { byteLength } from '../../protocol/values/digest.ts';
import { detailsOf } from '../../session/view/details.ts';
import { viewOf } from '../../session/view/view.ts';
import { byOf, callOf, HOUR, START, succeeded, textOf, unknown, World } from './world.ts';

describe('U2: the view of a session', () => {
  test('names state, cause, deadline, calls and plan', () => {
    const world = World.withPlan(
      [{ call: 's.read-only', as: 'one' }, { wait: HOUR }],
      {},
      { labels: { team: 'x' } },
    ).ends('plan/one', succeeded());
    world.do(callOf('a')).ends('a', unknown()).pause('lunch');
    expect(viewOf(world.session, 2, world.now)).toEqual({
      id: 'session-1',
      state: 'PAUSED',
      cause: 'operator',
      reason: 'lunch',
      outcome: null,
      code: null,
      agent: { id: 'drafter', version: '1' },
      profile: 'standard',
      labels: { team: 'x' },
      startedAt: '2026-01-01T00:00:00.000Z',
      startedBy: null,
      deadlineAt: '2026-01-02T00:00:00.000Z',
      graceUntil: null,
      runs: 2,
      restarts: 0,
      reviews: { open: [], due: [], done: [], objections: 0 },
      resetAt: null,
      parent: null,
      servers: [{ name: 's', protocolVersion: '2025-11-25', tools: 4 }],
      plan: { done: 1, of: 2 },
      checkpoints: [],
      effects: { made: 0, undone: 0 },
      rollback: null,
      calls: [
        {
          callId: 'plan/one',
          server: 's',
          tool: 'read-only',
          attempts: 1,
          actor: 'drafter@1',
          outcome: 'succeeded',
          endedAt: '2026-01-01T00:00:00.000Z',
        },
        { callId: 'a', server: 's', tool: 'irreversible', attempts: 1, actor: 'agent', outcome: 'in_doubt' },
      ],
      openCalls: [
        {
          callId: 'a',
          server: 's',
          tool: 'irreversible',
          attempts: 1,
          actor: 'agent',
          phase: 'in_doubt',
          trouble: { code: 'CONNECTION_LOST', message: 'no answer' },
          asks: null,
        },
      ],
      approvals: [],
      incidents: [],
      needsProof: [],
      olderCalls: 0,
      refusals: { total: 0, codes: {} },
      agentState: null,
      agentLostAt: null,
      money: null,
      reports: ['summary', 'audit', 'compliance', 'financial'],
      tally: {
        kinds: {
          governance: { layer: 'session', times: 1, first: 1, last: 1 },
          transition: { layer: 'session', times: 2, first: 2, last: 6 },
          'in-doubt': { layer: 'compliance', times: 1, first: 5, last: 5 },
        },
        outcomes: { succeeded: 1 },
      },
      usage: { inputTokens: 0, outputTokens: 0, microUsd: 0 },
      used: { calls: 2, maxCalls: 10_000, bytes: 4 + JSON.stringify(textOf('done')).length, maxBytes: 1024 ** 3 },
    });
  });

  test('of one that has ended says how and why; before INIT there is no deadline', () => {
    expect(viewOf(World.running().do({ type: 'cancel', by: byOf('enough') }).session, 1, START)).toMatchObject({
      outcome: 'FAILED',
      code: 'SESSION_CANCELLED',
      reason: 'cancelled by ann: enough',
    });
    expect(viewOf(World.running().do({ type: 'complete', by: byOf() }).session, 1, START)).toMatchObject({
      outcome: 'COMPLETED',
      code: null,
    });
    expect(viewOf(new World().session, 1, START)).toMatchObject({ state: 'INIT', deadlineAt: null, plan: null });
  });
});

describe('U2: the details in the Temporal UI', () => {
  test('show state, cause, deadline and the last calls', () => {
    const world = World.running()
      .do(callOf('a'))
      .ends('a', unknown())
      .do(callOf('b', 'read-only'))
      .ends('b', succeeded())
      .later(24 * HOUR);
    expect(detailsOf(world.session)).toBe(
      [
        '**PAUSED** (timeout): the deadline passed, 1d after the start  ',
        'paused by custody since 2026-01-02T00:00:00.000Z  ',
        'deadline 2026-01-02T00:00:00.000Z, **passed**; ends 2026-01-02T00:30:00.000Z unless extended  ',
        'next: `custody extend session-1 --by 1h --reason "why"`',
        '',
        '- s.read-only `b`: succeeded',
        '- s.irreversible `a`: **in_doubt** (no answer); look whether it took effect, then ' +
          '`custody resolve session-1 a --as succeeded --reason "how you know"`, or failed, or retry',
        '',
        'agent drafter 1, profile standard  ',
        'servers s',
        '',
        '\u00a0  ',
        '\u00a0',
      ].join('\n'),
    );
  });

  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '[x](javascript:alert(1))',
      '<img src=x onerror=alert(1)>',
      '`code`',
      '\n# heading',
      '![x](http://x)',
      '**bold**',
      '| a | b |',
      '\\',
    ),
  );

  test('are a few lines of our own making: no text from outside is Markdown in them', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (reason, server, tool) => {
        const world = new World();
        if (server.isWellFormed() && tool.isWellFormed()) world.do(callOf('``](x)', tool, {}, server));
        const lines = detailsOf(world.session).split('\n').slice(0, -6);
        expect(lines.length).toBeLessThanOrEqual(3);
        const paused = detailsOf(World.running().pause(reason).session).split('\n').slice(0, -6);
        expect(paused).toHaveLength(4);
        for (const line of [...lines.slice(2), paused[0]!.replace('**PAUSED**', '')])
          expect(line.replace('``` ``](x) ```', '').replaceAll('**queued**', '').replace(/\\./gu, '')).not.toMatch(
            /[*_[\]<>#|\\{}`~&$]|:\S|--/,
          );
      }),
    );
  });

  test('stay below what Temporal takes, 20,000 bytes', () => {
    const world = World.running({ session: { concurrency: 1 } });
    const long = '漢'.repeat(2000);
    for (let index = 0; index < 5; index += 1)
      world.do(callOf(`e${index}`.padEnd(128, 'x'))).ends(`e${index}`.padEnd(128, 'x'), succeeded());
    const labels = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`l${index}`, '_'.repeat(256)]));
    const servers = Array.from({ length: 32 }, (_, index) => `s${index}`.padEnd(63, '_'));
    const early = new World({ labels, servers });
    for (let index = 0; index < 20; index += 1) early.do(callOf(`o${index}`.padEnd(128, 'x'), long, {}, long));
    expect(byteLength(detailsOf(early.session))).toBeLessThan(20_000);
    const doubtful = (index: number) => `${index}`.padEnd(128, 'x');
    for (let index = 0; index < 20; index += 1)
      world
        .do(callOf(doubtful(index)))
        .ends(doubtful(index), { kind: 'unknown', code: 'CONNECTION_LOST', message: long });
    expect(byteLength(detailsOf(world.pause(long).session))).toBeLessThan(20_000);
    expect(detailsOf(world.session)).toContain('in_doubt');
  });
});
