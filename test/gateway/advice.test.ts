import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ADVICE, ASK_LATER, askAgain, waitFor, whileAsked } from '../../gateway/mcp/calls/advice.ts';
import { inWords, parked, toProtocolError, toResult } from '../../gateway/mcp/calls/answers.ts';
import { type Found, instructionsFor, OWN_TOOLS, undescribed } from '../../gateway/mcp/own/ownTools.ts';
import { type ErrorCode, ERRORS } from '../../protocol/errors.ts';
import { viewOf } from '../../session/view/view.ts';
import { START, World } from '../session/world.ts';

const CODES = Object.keys(ERRORS) as readonly ErrorCode[];

/** What only the people who run a session may do: a model with a shell would do that. */
const COMMANDS =
  'approve|approvals|reject|resume|resolve|respond|recover|rollback|extend|cancel|fork|worker|setup|dev|show|list|call';
const OF_OPERATORS = new RegExp(`\\bcustody (?:${COMMANDS})\\b|(?:^|\\s)--\\w|custody\\.yaml|\`|CUSTODY_`);

/** A session that has ended, with a call. */
const FOUND: Found = {
  view: viewOf(
    { ...World.running().session, state: { name: 'TIMEOUT', code: 'SESSION_TIMEOUT', reason: 'time' } },
    1,
    START,
  ),
  calls: [
    {
      callId: 'c',
      server: 's',
      tool: 't',
      outcome: 'in_doubt',
      attempts: 1,
      actor: 'agent',
      asked: { at: '2026-01-01T00:00:00Z', args: { a: 1 } },
    },
  ],
};

/** Every text of our own that a model can meet, by where it does. */
const TEXTS: readonly (readonly [where: string, text: string])[] = [
  ...CODES.map((code) => [`advice on ${code}`, ADVICE[code]] as const),
  ...CODES.map((code) => [`a call refused with ${code}`, said(inWords('c', { code, message: 'M.' }))] as const),
  ...CODES.map((code) => [`a read refused with ${code}`, toProtocolError({ code, message: 'M.' }).message] as const),
  ['a call that waits', said(parked('c', 'W'))],
  ['waitFor', waitFor('c')],
  ['whileAsked', whileAsked('c')],
  ['ASK_LATER', ASK_LATER],
  ['askAgain', askAgain('c')],
  ['the instructions', instructionsFor('s', undefined)],
  ['the instructions of a session that is found', instructionsFor('s', FOUND)],
  ['a tool that cannot be described', JSON.stringify(undescribed('t', false))],
  ['a tool whose session has ended', JSON.stringify(undescribed('t', true))],
  ['the own tools', JSON.stringify(OWN_TOOLS)],
];

function said(result: { readonly content: readonly object[] }): string {
  return result.content.map((item) => ('text' in item ? String(item.text) : '')).join('\n');
}

/** Where the sentences are written that come with a code; what only operators read is left out. */
const SOURCES = ['session', 'activities', 'mcp', 'workflows/effects', 'gateway/mcp']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file).replaceAll('\\', '/')),
  )
  .filter((file) => file.endsWith('.ts') && !/^session\/(view|watcher)\//.test(file));
const COMMENT = /^\s*(?:\/\/|\/?\*)/;
const IN_CODE = new RegExp(`\\bcustody (?:${COMMANDS})\\b|\\s--\\w|custody\\.yaml|CUSTODY_`);

describe('G1: what a model reads is for models', () => {
  test.each(SOURCES)('no sentence of %s names what only operators may do', (file) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    expect(lines.filter((line) => !COMMENT.test(line) && IN_CODE.test(line))).toEqual([]);
  });

  test.each(TEXTS)('%s names nothing that only operators may do', (_where, text) => {
    expect(text).not.toMatch(OF_OPERATORS);
    expect(text).toMatch(/\S/);
  });

  test.each(CODES)('the advice on %s is sentences, and does not contradict the code', (code) => {
    expect(ADVICE[code]).toMatch(/^[A-Z].*\.$/);
    const again = /make (?:the call|this one) again|Ask again/.test(ADVICE[code]);
    const never = /not to be made again|do not make it again/i.test(ADVICE[code]);
    expect(again && never).toBe(false);
    if (ERRORS[code].http === 202 || code === 'ANSWER_EXPIRED') expect(again).toBe(false);
  });

  test('a call that waits is not said to be made again', () => {
    expect(said(parked('c', 'the session is PAUSED'))).toBe(
      'CALL_PARKED: The call is accepted and waits: the session is PAUSED.\nWhat to do: Do not make it again, it ' +
        'runs once: call custody_wait with {"callId":"c"} for its answer.\nCall id: c',
    );
  });

  test('a call that was resolved as failed has failed, and nothing is left to look into', () => {
    const error = { code: 'RESOLVED_AS_FAILED', message: 'ann resolved the call as failed: not there.' } as const;
    const resolved = { actor: 'ann', reason: 'not there' };
    expect(said(toResult({ callId: 'c', outcome: 'failed', attempts: 1, error, resolved }, false))).toBe(
      'RESOLVED_AS_FAILED: ann resolved the call as failed: not there.\nWhat to do: Make another call if its ' +
        'effect is still wanted.\nCall id: c',
    );
  });
});
