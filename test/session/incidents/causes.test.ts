import { describe, expect, test } from 'vitest';
import type { AttemptOutcome } from '../../../protocol/calls/call.ts';
import type { Finding } from '../../../protocol/incidents/scan.ts';
import { digestOfTools, listedNow } from '../../../protocol/incidents/listed.ts';
import { priced, USD } from '../money/priced.ts';
import { byOf, callOf, notSent, openedOf, pinOf, succeeded, World } from '../world.ts';

const denied: AttemptOutcome = { kind: 'denied', code: 'POLICY_DENIED', message: 'no' };
const whatOf = ({ session }: World) => session.incidents.map(({ what, subject, times }) => ({ what, subject, times }));
const kindsOf = ({ effects }: World): readonly string[] =>
  effects.flatMap((each) => (each.type === 'write' ? each.records.map(({ kind }) => kind) : []));

describe('P5: what is an incident', () => {
  test('incidents.denials calls that rules deny in a row, and as many more count in it; an answer ends it', () => {
    const world = World.running({ incidents: { denials: 3 } });
    const deny = (from: number, to: number): void => {
      for (let n = from; n < to; n += 1) world.do(callOf(`a${n}`)).ends(`a${n}`, denied);
    };
    deny(0, 2);
    world.do(callOf('ok')).ends('ok', succeeded());
    deny(2, 4);
    expect(whatOf(world)).toEqual([]);
    deny(4, 5);
    expect(whatOf(world)).toEqual([{ what: 'denials', subject: null, times: 1 }]);
    deny(5, 8);
    expect(whatOf(world)).toEqual([{ what: 'denials', subject: null, times: 2 }]);
    expect(kindsOf(world).filter((kind) => kind === 'incident')).toHaveLength(1);
  });

  test('off: no row of denials is one', () => {
    const world = World.running({ incidents: { denials: null } });
    for (let n = 0; n < 20; n += 1) world.do(callOf(`a${n}`)).ends(`a${n}`, denied);
    expect(whatOf(world)).toEqual([]);
  });

  test('a call of a tool that was never listed, before the session knew its tools and after', () => {
    const world = new World().do(callOf('early', 'nosuch')).do(openedOf());
    expect(world.refuse(callOf('a', 'nosuch'))).toBe('UNKNOWN_TOOL');
    expect(world.refuse(callOf('b', 'other'))).toBe('UNKNOWN_TOOL');
    expect(whatOf(world)).toEqual([
      { what: 'unknown-tool', subject: 's.nosuch', times: 2 },
      { what: 'unknown-tool', subject: 's.other', times: 1 },
    ]);
    expect(world.refuse(callOf('c', 'x', {}, 'elsewhere'))).toBe('UNKNOWN_SERVER');
    expect(whatOf(world)).toHaveLength(2);
  });

  test('a runaway agent: the pause is left by closing it, where the session resumes by itself', () => {
    const world = World.running({ session: { maxIdentical: 2, autoResume: true } });
    world.do(callOf('a')).do(callOf('b'));
    expect(world.refuse(callOf('c'))).toBe('IDENTICAL_CALLS');
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
    expect(world.session.incidents).toMatchObject([{ what: 'runaway', severity: 'high' }]);
    world.do({ type: 'closeIncident', incident: 'i1', by: byOf('it was a test') });
    expect(world.state.name).toBe('RESUMING');
  });

  test('a call that cost more than it could: a person closes it', () => {
    const world = priced({ budgetLimit: 100 * USD }, { 's.*': { second: USD } });
    world.do(callOf('a')).ends('a', { ...succeeded(), ms: 100_000 });
    expect(world.session.incidents).toMatchObject([
      { what: 'overrun', subject: 's.irreversible', callId: 'a', text: expect.stringContaining('40 USD') },
    ]);
    world.do({ type: 'closeIncident', incident: 'i1', by: byOf('the server was slow') });
    expect(world.session.incidents).toEqual([]);
    expect(world.session.endedIncidents).toMatchObject([{ id: 'i1', closedBy: 'ann', reason: 'the server was slow' }]);
  });

  test('a reset in Temporal, which is critical', () => {
    const world = World.running().do({ type: 'reset' });
    expect(world.session.incidents).toMatchObject([{ what: 'reset', severity: 'critical', subject: null }]);
  });

  test('what a scan found: one for each rule, place and tool, by what became of it', () => {
    const finding: Finding = {
      what: 'secrets',
      rule: 'github-token',
      in: 'result',
      path: '$.content[0].text',
      times: 1,
      done: 'redacted',
    };
    const mail: Finding = { ...finding, what: 'mail', rule: 'mail', done: 'flagged' };
    const world = World.running();
    world.do(callOf('a')).ends('a', { ...succeeded(), found: [finding, mail] });
    world.do(callOf('b')).ends('b', { ...succeeded(), found: [finding] });
    expect(world.session.incidents).toMatchObject([
      { what: 'secret-found', severity: 'medium', times: 2, callId: 'a', done: 'a marker took its place' },
      { what: 'personal-data-found', severity: 'medium', times: 1, done: 'it went through' },
    ]);
    expect(world.session.incidents[0]?.text).toBe('github-token in the result of s.irreversible, at $.content[0].text');
  });
});

describe('P5: a tool whose definition changed since it was pinned', () => {
  const hashes = (version: string): { [tool: string]: string } =>
    Object.fromEntries(Object.entries(pinOf(undefined, version).tools).map(([tool, { hash }]) => [tool, hash]));

  test('is found by the call of it, which pauses the session', () => {
    const world = World.running().do(callOf('a')).ends('a', notSent('TOOL_CHANGED'));
    expect(whatOf(world)).toEqual([{ what: 'tool-changed', subject: 's.irreversible', times: 1 }]);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
  });

  test('is found by what the server lists as another tool is called, once, and stays so after it is closed', () => {
    const world = World.running();
    const listed = listedNow({ ...hashes('v1'), idempotent: 'other', more: 'new' });
    world.do(callOf('a')).ends('a', { ...succeeded(), listed });
    expect(whatOf(world)).toEqual([
      { what: 'tool-changed', subject: 's.idempotent', times: 1 },
      { what: 'tool-changed', subject: 's.more', times: 1 },
    ]);
    expect(world.state.name).toBe('RUNNING');
    world.do({ type: 'closeIncident', incident: 'i1', by: byOf() });
    world.do(callOf('b')).ends('b', { ...succeeded(), listed });
    expect(world.session.incidentsOpened).toBe(2);
    expect(world.effects.findLast((each) => each.type === 'attempt')).toMatchObject({
      intent: { listings: [digestOfTools(hashes('v1')), listed.digest] },
    });
  });

  test('is found as the session resumes; once it is accepted, it is what is pinned', () => {
    const world = World.running()
      .pause()
      .resume()
      .do(openedOf({}, { ...pinOf(undefined, 'v2'), configHash: 'config-v1' }));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
    expect(whatOf(world)).toHaveLength(4);
    world.resume(true).do(openedOf({}, { ...pinOf(undefined, 'v2'), configHash: 'config-v1' }));
    expect(world.session.listings['s']).toEqual({ pinned: digestOfTools(hashes('v2')), seen: null });
  });
});
