import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../protocol/limits.ts';
import { upgraded } from '../../../session/begin.ts';
import { NO_INCIDENTS } from '../../../session/incidents/state.ts';
import { forkOf } from '../../../session/lifecycle/fork.ts';
import { newRun } from '../../../session/run.ts';
import type { Session } from '../../../session/session.ts';
import { viewOf } from '../../../session/view/view.ts';
import { byOf, callOf, governanceOf, type Patch, World } from '../world.ts';

const unknownTool = (world: World, tool = 'nosuch', id = `u-${tool}`): World => {
  world.refuse(callOf(id, tool));
  return world;
};
const close = (world: World, incident = 'i1'): World => world.do({ type: 'closeIncident', incident, by: byOf('seen') });
const kindsOf = ({ effects }: World): readonly string[] =>
  effects.flatMap((each) => (each.type === 'write' ? each.records.map(({ kind }) => kind) : []));
const at = (onIncident: NonNullable<Patch['onIncident']>, session: Patch['session'] = {}): World =>
  World.running({ onIncident, session });

describe('P5: onIncident', () => {
  test('onIncident says what comes of it: a record and a notice, or neither, and a pause', () => {
    const quiet = unknownTool(at({ audit: false, notify: false, pause: false }));
    expect(kindsOf(quiet)).not.toContain('incident');
    expect(kindsOf(quiet)).not.toContain('notify');
    expect(quiet.session.incidents).toHaveLength(1);
    const loud = unknownTool(at({ audit: true, notify: true, pause: true }));
    expect(kindsOf(loud)).toEqual(expect.arrayContaining(['incident', 'notify']));
    expect(loud.state).toMatchObject({ name: 'PAUSED', cause: 'incident', reason: expect.stringContaining('i1') });
  });

  test('a session that paused goes on once the last is closed, where it resumes by itself', () => {
    const world = at({ pause: true }, { autoResume: true });
    unknownTool(unknownTool(world), 'other');
    close(world, 'i2');
    expect(world.state.name).toBe('PAUSED');
    close(world, 'i1');
    expect(world.state.name).toBe('RESUMING');
  });

  test('one that somebody paused, or that resumes by a person, does not', () => {
    expect(close(unknownTool(at({ pause: true }, { autoResume: false }))).state.name).toBe('PAUSED');
    const world = unknownTool(at({ pause: true }, { autoResume: true }));
    world.pause('let me look');
    expect(close(world).state).toMatchObject({ name: 'PAUSED', cause: 'operator' });
    const before = unknownTool(at({ pause: true }, { autoResume: true }).pause());
    expect(close(before).state).toMatchObject({ name: 'PAUSED', cause: 'operator' });
  });
});

describe('P5: closing', () => {
  test('leaves who, why and how often on record, and is refused the second time', () => {
    const world = close(unknownTool(unknownTool(World.running()), 'nosuch', 'again'));
    expect(kindsOf(world)).toContain('incident-closed');
    expect(world.refuse({ type: 'closeIncident', incident: 'i1', by: byOf() })).toBe('INCIDENT_NOT_FOUND');
    expect(world.refuse({ type: 'closeIncident', incident: 'i9', by: byOf() })).toBe('INCIDENT_NOT_FOUND');
    expect(viewOf(world.session, 1, world.now).incidents).toMatchObject([
      { id: 'i1', what: 'unknown-tool', times: 2, closed: { by: 'ann', standing: 'claimed', reason: 'seen' } },
    ]);
  });

  test('what comes again after that is another', () => {
    const world = unknownTool(close(unknownTool(World.running())), 'nosuch', 'again');
    expect(world.session.incidents).toMatchObject([{ id: 'i2', times: 1 }]);
  });
});

describe('P5: a session', () => {
  test('that was opened before there were incidents knows none, and what it carries lacks nothing', () => {
    const { incidents: _, onIncident: __, scan: ___, ...old } = governanceOf();
    const world = new World().do({
      type: 'opened',
      governance: old as ReturnType<typeof governanceOf>,
      profileHash: 'p',
      servers: {},
    });
    world.refuse(callOf('a', 'nosuch'));
    expect(world.session).toMatchObject(NO_INCIDENTS);
    const { incidents: a, endedIncidents: b, incidentsOpened: c, sightings: d, ...less } = world.session;
    expect(upgraded(less as unknown as Session)).toMatchObject({ incidents: a, endedIncidents: b, sightings: d });
    expect(c).toBe(0);
  });

  test('that is forked begins with none: those of its parent are its parent’s to close', () => {
    const world = unknownTool(World.running());
    world.do({ type: 'checkpoint', name: 'here', by: byOf() });
    const forked = forkOf(world.session, 'fork', { at: 'here', by: { actor: 'ann', reason: 'why' } }, world.now);
    expect(forked).toMatchObject({ ok: true, session: { incidents: [], incidentsOpened: 0 } });
  });
});

test('P5: however incidents are seen, closed and carried on, each is opened once, counted, and closed once', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ see: fc.integer({ min: 0, max: 60 }) }) },
    { weight: 2, arbitrary: fc.record({ close: fc.integer({ min: 1, max: 70 }) }) },
    { weight: 1, arbitrary: fc.constant({ carry: true as const }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const world = World.running();
      const opened = new Set<string>();
      const closed = new Set<string>();
      let seen = 0;
      for (const each of steps) {
        world.now += 120_000;
        if ('see' in each) {
          unknownTool(world, `t${each.see}`, `c${(seen += 1)}`);
        } else if ('close' in each) {
          const id = `i${each.close}`;
          const isOpen = world.session.incidents.some((incident) => incident.id === id);
          expect(world.refusalOf({ type: 'closeIncident', incident: id, by: byOf() }) === undefined).toBe(isOpen);
          if (isOpen) close(world, id);
        } else {
          const carried = JSON.parse(JSON.stringify(world.session)) as Session;
          world.run = newRun({ ...world.run, session: upgraded(carried) }, world.run.limits);
        }
        world.work();
      }
      for (const { incident } of world.of('incidentOpened')) {
        expect(opened.has(incident.id)).toBe(false);
        opened.add(incident.id);
      }
      for (const { incident } of world.of('incidentClosed')) {
        expect(closed.has(incident.id) || !opened.has(incident.id)).toBe(false);
        closed.add(incident.id);
      }
      const { incidents, incidentsOpened, sightings, endedIncidents } = world.session;
      expect(incidentsOpened).toBe(opened.size);
      expect(incidents.map(({ id }) => id).toSorted()).toEqual([...opened].filter((id) => !closed.has(id)).toSorted());
      expect(sightings).toEqual([]);
      expect(incidents.length).toBeLessThanOrEqual(LIMITS.openIncidents);
      expect(endedIncidents.length).toBeLessThanOrEqual(LIMITS.closedIncidents);
      const counted = [...incidents, ...world.of('incidentClosed').map(({ incident }) => incident)];
      expect(counted.reduce((sum, { times }) => sum + times, 0)).toBe(seen);
    }),
    { numRuns: 60 },
  );
});
