import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableJson, printableLines } from '../../cli/io/printable.ts';
import { showEntry } from '../../cli/render/entry.ts';
import { showSession } from '../../cli/render/session/session.ts';
import { table } from '../../cli/render/table.ts';
import { shellWord } from '../../cli/io/shell.ts';
import type { SessionView } from '../../protocol/view.ts';

/** Control characters (C0, DEL, C1) without the line feed, and what hides text or changes its direction. */
const DANGEROUS = /[^\P{Cc}\n]|[\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const ATTACK = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\r\n\u001b]8;;http://x\u001b\\link';

const hostileView: SessionView = {
  id: ATTACK,
  state: 'PAUSED',
  cause: 'incident',
  reason: `changed ${ATTACK}`,
  outcome: null,
  code: ATTACK,
  agent: { id: ATTACK, version: ATTACK },
  profile: ATTACK,
  labels: { [ATTACK]: ATTACK },
  startedAt: '2026-01-01T00:00:00.000Z',
  startedBy: { actor: ATTACK, reason: ATTACK, standing: 'claimed' },
  money: null,
  reports: [],
  tally: null,
  needsProof: [],
  deadlineAt: '2026-01-02T00:00:00.000Z',
  graceUntil: '2026-01-02T00:30:00.000Z',
  runs: 1,
  resetAt: null,
  parent: null,
  restarts: 2,
  servers: [{ name: ATTACK, protocolVersion: ATTACK, tools: 1 }],
  plan: { done: 1, of: 2 },
  calls: [{ callId: ATTACK, server: ATTACK, tool: ATTACK, outcome: 'in_doubt', attempts: 1, actor: ATTACK }],
  openCalls: [
    {
      callId: ATTACK,
      server: ATTACK,
      tool: ATTACK,
      phase: 'in_doubt',
      attempts: 1,
      actor: ATTACK,
      trouble: { code: 'WORKER_LOST', message: ATTACK },
      asks: [
        {
          key: ATTACK,
          message: ATTACK,
          schema: {
            type: 'object',
            properties: { [ATTACK]: { type: 'string', title: ATTACK, description: ATTACK } },
            required: [ATTACK],
          },
        },
      ],
    },
  ],
  refusals: { total: 0, codes: {} },
  agentState: null,
  agentLostAt: null,
  usage: { inputTokens: 0, outputTokens: 0, microUsd: 0 },
  used: { calls: 2, maxCalls: 10_000, bytes: 3, maxBytes: null },
  olderCalls: 3,
  checkpoints: [{ name: ATTACK, at: '2026-01-01T00:00:00.000Z', effects: 1 }],
  effects: { made: 1, undone: 1 },
  rollback: { to: ATTACK, undone: 1, remaining: 1, left: 1 },
  incidents: [],
  approvals: [],
  reviews: null,
};

describe('U4: text from outside cannot reach the terminal as anything but text', () => {
  test('whatever the text, nothing dangerous is left, and a plain text stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(DANGEROUS);
        expect(printable(text)).not.toContain('\n');
        expect(printableLines(text)).not.toMatch(DANGEROUS);
      }),
    );
    expect(printable('Grüße, 世界 🎉')).toBe('Grüße, 世界 🎉');
    expect(printableLines('a\n\tb')).toBe('a\n    b');
  });

  test('JSON output is safe to look at, and the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(printableJson(value, 2)).not.toMatch(DANGEROUS);
        expect(JSON.parse(printableJson(value, 2))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(printableJson(value)).not.toContain('\n');
      }),
    );
  });

  test('a session, an entry and a table whose every text is an attack', () => {
    const entry = {
      at: '2026-01-01T00:00:00.000Z',
      layer: 'session',
      kind: ATTACK,
      text: ATTACK,
      by: ATTACK,
      standing: 'proven',
      proof: { person: ATTACK, roles: [], key: ATTACK, list: ATTACK },
      callId: ATTACK,
      record: 1,
      runId: 'r',
      eventId: 1,
    } as const;
    for (const shown of [showSession(hostileView), showEntry(entry), table(['A'], [[ATTACK]])])
      expect(shown).not.toMatch(DANGEROUS);
  });

  test('a command line to be copied is one word for each text, whatever it holds', () => {
    expect(shellWord('session-1')).toBe('session-1');
    expect(shellWord("x'; rm -rf ~; '")).toBe(`'x'\\''; rm -rf ~; '\\'''`);
    expect(shellWord('$(reboot)')).toBe(`'$(reboot)'`);
    expect(shellWord('')).toBe("''");
  });
});
