import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkSpec } from '../../config/spec.ts';
import { problemOfInput } from '../../protocol/session-input.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import { newSession } from '../../session/begin.ts';

const SPEC: SessionSpec = { agent: { id: 'tester', version: '1' }, profile: 'standard', servers: ['journal'] };
const BY = { actor: 'ann', reason: '' };

const fresh = (spec: SessionSpec) => newSession('s1', spec, 0);
const started = (input: unknown) => problemOfInput(input, 's1', undefined);
const continued = (input: unknown) => problemOfInput(input, 's1', fresh);

describe('U4, E6: what a session is started with', () => {
  test.each([
    ['a spec', { spec: SPEC, by: BY }],
    ['a spec and tuning', { spec: SPEC, tuning: { eventsPerRun: 30, recallWait: 1 } }],
    ['a fork', { fork: { parent: 's0', at: 'half', by: BY } }],
    ['a recovery', { recover: { by: BY } }],
  ])('may be %s', (_what, input) => {
    expect(started(input)).toBeUndefined();
  });

  test.each<[unknown, string]>([
    [undefined, 'the input is not { spec }'],
    [{ spec: SPEC, by: { actor: 'custody', reason: '' } }, "by.actor must not be 'custody'"],
    [{ spec: SPEC, tuning: { eventsPerRun: 29 } }, 'tuning.eventsPerRun must be a whole number from 30'],
    [{ spec: { ...SPEC, agent: { id: 'a' } } }, 'spec.agent.version is missing'],
    [{ spec: { ...SPEC, more: 1 } }, 'spec.more is not a known key'],
    [{ spec: { ...SPEC, plan: [{ call: 'nodot' }] } }, 'spec.plan[0].call must be server.tool'],
    [{ spec: { ...SPEC, plan: [{ wait: '2h' }] } }, 'spec.plan[0].wait must be a whole number'],
    [{ fork: { parent: 's0', at: '../x', by: BY } }, 'fork.at must be the name of a checkpoint'],
    [{ recover: { by: { ...BY, actor: 'temporal' } } }, "recover.by.actor must not be 'temporal'"],
    [{ carried: { session: fresh(SPEC), record: 0, runs: 1, chain: 'run-1' } }, 'only an earlier run'],
  ])('%j is refused', (input, problem) => {
    expect(started(input)).toContain(problem);
  });

  test('has the same bounds as a spec in a file or from a program', () => {
    for (const [length, fits] of [
      [128, true],
      [129, false],
    ] as const) {
      const spec = { ...SPEC, agent: { id: 'a'.repeat(length), version: '1' } };
      expect(started({ spec }) === undefined).toBe(fits);
      expect(takes(() => checkSpec(spec))).toBe(fits);
    }
    fc.assert(
      fc.property(fc.string({ minLength: 0, maxLength: 80, unit: 'binary' }), (server) => {
        const spec = { ...SPEC, servers: [server] };
        expect(started({ spec }) === undefined).toBe(takes(() => checkSpec(spec)));
      }),
    );
  });
});

describe('L11, U4: the state of an earlier run', () => {
  const carried = (session: unknown, rest: object = {}) => ({
    carried: { session, record: 3, runs: 2, chain: 'run-1', ...rest },
  });

  test('is taken as that run handed it over', () => {
    expect(continued(carried(fresh(SPEC)))).toBeUndefined();
    expect(continued(JSON.parse(JSON.stringify(carried(fresh(SPEC)))))).toBeUndefined();
  });

  test.each<[string, unknown, string]>([
    ['nothing', { carried: null }, 'carried'],
    ['another session', carried({ ...fresh(SPEC), id: 's2' }), 'carried.session.id is not the id of this session'],
    ['another version', carried({ ...fresh(SPEC), version: 0 }), 'carried.session.version is not 1'],
    ['a spec that is none', carried({ ...fresh(SPEC), spec: {} }), 'carried.session.spec'],
    ['a record that is no number', carried(fresh(SPEC), { record: '3' }), 'carried.record must be a whole number'],
    ['runs below one', carried(fresh(SPEC), { runs: 0, chain: 'run-1' }), 'carried.runs must be a whole number'],
    ['no calls', carried({ ...fresh(SPEC), open: undefined }), 'carried.session.open is missing'],
    ['calls that are no list', carried({ ...fresh(SPEC), open: {} }), 'carried.session.open is an object'],
    ['a state of no name', carried({ ...fresh(SPEC), state: {} }), 'carried.session.state.name is missing'],
    ['a state by inheritance', carried({ ...fresh(SPEC), state: 'toString' }), 'carried.session.state is a string'],
  ])('is refused with %s', (_what, input, problem) => {
    expect(continued(input)).toContain(problem);
  });

  test('is refused without any of its parts, and nothing that is handed over throws', () => {
    for (const key of Object.keys(fresh(SPEC))) {
      const { [key as 'open']: _left, ...session } = fresh(SPEC);
      expect(continued(carried(session)), key).toContain(`carried.session.${key}`);
    }
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true }),
        fc.constantFrom('carried', 'session', 'state'),
        (value, at) => {
          const input =
            at === 'carried'
              ? { carried: value }
              : carried(at === 'session' ? value : { ...fresh(SPEC), state: value });
          const problem = continued(input);
          expect(problem === undefined || typeof problem === 'string').toBe(true);
        },
      ),
    );
  });
});

function takes(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
