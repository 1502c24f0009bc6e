import type { StateName } from '../../protocol/states.ts';
import { byOf, callOf, HOUR, lost, MINUTE, notSent, openedOf, pinOf, succeeded, World } from './world.ts';

/** One way through each row of the table of transitions. */
export interface Scenario {
  readonly from: StateName;
  readonly to: StateName;
  readonly by: string;
  /** Ends right after the transition, or after what follows from it at the same instant. */
  readonly play: () => World;
}

/** Sessions that end without reviews. */
const UNREVIEWED = { session: { complianceCheck: false, timeout: HOUR } };
const failed = { type: 'openFailed', refusal: { code: 'SERVER_UNAVAILABLE', message: 'no such program' } } as const;
const restarted = (): World => World.running().do(callOf('a')).ends('a', lost());

export const SCENARIOS: readonly Scenario[] = [
  { from: 'INIT', to: 'RUNNING', by: 'servers open, tools pinned', play: () => World.running() },
  { from: 'INIT', to: 'FAILED', by: 'a server cannot be opened', play: () => new World().do(failed) },
  { from: 'INIT', to: 'FAILED', by: 'cancel', play: () => new World().do({ type: 'cancel', by: byOf() }) },
  { from: 'RUNNING', to: 'PAUSED', by: 'pause', play: () => World.running().pause() },
  { from: 'RUNNING', to: 'PAUSED', by: 'deadline with onTimeout.pause', play: () => World.running().later(24 * HOUR) },
  {
    from: 'RUNNING',
    to: 'PAUSED',
    by: 'review: a plan step with onError: pause',
    play: () =>
      World.withPlan([{ call: 's.irreversible', onError: 'pause' }]).ends('plan/1', {
        kind: 'tool_error',
        result: { content: [] },
      }),
  },
  {
    from: 'RUNNING',
    to: 'PAUSED',
    by: 'incident: a tool changed',
    play: () => World.running().do(callOf('a')).ends('a', notSent('TOOL_CHANGED')),
  },
  {
    from: 'RUNNING',
    to: 'PAUSED',
    by: 'restart with restore: false',
    play: () =>
      World.running({ onRestart: { restore: false } })
        .do(callOf('a'))
        .ends('a', lost()),
  },
  {
    from: 'RUNNING',
    to: 'TIMEOUT',
    by: 'deadline without pause',
    play: () => World.running({ onTimeout: { pause: false }, ...UNREVIEWED }).later(HOUR),
  },
  {
    from: 'PAUSED',
    to: 'TIMEOUT',
    by: 'grace over',
    play: () =>
      World.running(UNREVIEWED)
        .later(HOUR)
        .later(30 * MINUTE),
  },
  {
    from: 'RUNNING',
    to: 'ROLLBACK',
    by: 'rollback',
    play: () => World.running().do({ type: 'rollback', by: byOf(), to: null }),
  },
  {
    from: 'RUNNING',
    to: 'ROLLBACK',
    by: 'deadline with onTimeout.rollback',
    play: () => World.running({ onTimeout: { pause: false, rollback: true } }).later(24 * HOUR),
  },
  {
    from: 'PAUSED',
    to: 'ROLLBACK',
    by: 'rollback',
    play: () => World.running().pause().do({ type: 'rollback', by: byOf(), to: null }),
  },
  {
    from: 'PAUSED',
    to: 'ROLLBACK',
    by: 'deadline with onTimeout.rollback',
    play: () =>
      World.running({ onTimeout: { pause: false, rollback: true } })
        .pause()
        .later(24 * HOUR),
  },
  { from: 'PAUSED', to: 'RESUMING', by: 'resume', play: () => World.running().pause().resume() },
  {
    from: 'PAUSED',
    to: 'RESUMING',
    by: 'autoResume when the cause is gone',
    play: () =>
      World.running({ session: { autoResume: true } })
        .later(24 * HOUR)
        .do({ type: 'extend', by: byOf(), ms: HOUR }),
  },
  {
    from: 'PAUSED',
    to: 'PAUSED',
    by: 'pause, over another cause',
    play: () =>
      World.running()
        .later(24 * HOUR)
        .pause(),
  },
  {
    from: 'RESUMING',
    to: 'RUNNING',
    by: 'servers open, tools as pinned',
    play: () => World.running().pause().resume().do(openedOf()),
  },
  { from: 'RESUMING', to: 'PAUSED', by: 'a server is gone', play: () => World.running().pause().resume().do(failed) },
  {
    from: 'RESUMING',
    to: 'PAUSED',
    by: 'a tool definition changed',
    play: () =>
      World.running()
        .pause()
        .resume()
        .do(openedOf({}, pinOf(undefined, 'v2'))),
  },
  { from: 'RESUMING', to: 'PAUSED', by: 'pause', play: () => World.running().pause().resume().pause() },
  {
    from: 'RESUMING',
    to: 'AUDIT',
    by: 'a check is due after a restart',
    play: () => restarted().pause().resume().do(openedOf()),
  },
  {
    from: 'RESUMING',
    to: 'AUDIT',
    by: 'a review by persons is due after a rollback',
    play: () =>
      World.running({ reviews: { extra: 'person' } })
        .do(callOf('a'))
        .ends('a', succeeded())
        .do({ type: 'rollback', by: byOf(), to: null })
        .resume()
        .do(openedOf()),
  },
  {
    from: 'RESUMING',
    to: 'AUDIT',
    by: 'cancel',
    play: () => World.running().pause().resume().do({ type: 'cancel', by: byOf() }),
  },
  {
    from: 'ROLLBACK',
    to: 'PAUSED',
    by: 'what remains is named',
    play: () => World.running().do(callOf('a')).ends('a', succeeded()).do({ type: 'rollback', by: byOf(), to: null }),
  },
  {
    from: 'ROLLBACK',
    to: 'AUDIT',
    by: 'undone to the start',
    play: () => World.running().do({ type: 'rollback', by: byOf(), to: null }),
  },
  { from: 'RUNNING', to: 'AUDIT', by: 'complete', play: () => World.running().do({ type: 'complete', by: byOf() }) },
  { from: 'RUNNING', to: 'AUDIT', by: 'cancel', play: () => World.running().do({ type: 'cancel', by: byOf() }) },
  { from: 'RUNNING', to: 'AUDIT', by: 'the plan is done', play: () => World.withPlan([]) },
  { from: 'RUNNING', to: 'AUDIT', by: 'a plan step failed', play: () => World.withPlan([{ call: 's.none' }]) },
  {
    from: 'RUNNING',
    to: 'AUDIT',
    by: 'grace over with calls open',
    play: () =>
      World.running({ onTimeout: { pause: false } })
        .do(callOf('a'))
        .later(24 * HOUR),
  },
  {
    from: 'PAUSED',
    to: 'AUDIT',
    by: 'complete',
    play: () => World.running().pause().do({ type: 'complete', by: byOf() }),
  },
  { from: 'PAUSED', to: 'AUDIT', by: 'cancel', play: () => World.running().pause().do({ type: 'cancel', by: byOf() }) },
  {
    from: 'PAUSED',
    to: 'AUDIT',
    by: 'grace over with duties open',
    play: () =>
      restarted()
        .later(24 * HOUR)
        .later(30 * MINUTE),
  },
  {
    from: 'AUDIT',
    to: 'RUNNING',
    by: 'checked, entered while resuming',
    play: () =>
      restarted().pause().resume().do(openedOf()).do({ type: 'resolve', by: byOf(), callId: 'a', as: 'retry' }),
  },
  {
    from: 'AUDIT',
    to: 'AUDIT',
    by: 'cancel while calls end',
    play: () => World.running().do(callOf('a')).do({ type: 'complete', by: byOf() }).do({ type: 'cancel', by: byOf() }),
  },
  {
    from: 'AUDIT',
    to: 'AUDIT',
    by: 'grace over while being checked',
    play: () =>
      restarted()
        .pause()
        .resume()
        .do(openedOf())
        .later(24 * HOUR)
        .later(30 * MINUTE),
  },
  { from: 'AUDIT', to: 'COMPLETED', by: 'checked', play: () => World.running().do({ type: 'complete', by: byOf() }) },
  {
    from: 'AUDIT',
    to: 'FAILED',
    by: 'checked, after cancel',
    play: () => World.running().do({ type: 'cancel', by: byOf() }),
  },
  {
    from: 'AUDIT',
    to: 'TIMEOUT',
    by: 'checked, after grace',
    play: () =>
      World.running({ onTimeout: { pause: false } })
        .do(callOf('a'))
        .later(24 * HOUR)
        .ends('a', succeeded()),
  },
];
