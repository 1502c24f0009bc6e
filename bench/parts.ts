import { eventsPerCall } from './eventsPerCall.ts';
import { governedRatio, moneyRatio } from './governedRatio.ts';
import { longSession } from './longSession.ts';
import { gatewayHop, gatewayLoad } from './gateway.ts';
import { gatewayRatio, outsideLatencyRatio } from './outsideCalls.ts';
import { pausedSessions } from './pausedSessions.ts';
import { peers } from './peers/peers.ts';
import { scanCost, scanRatio } from './scan.ts';
import { planRatio, planRatioIrreversible } from './planRatio.ts';
import { auditOverhead, LAYERS } from './evidence/overhead.ts';
import { sealing } from './evidence/sealing.ts';
import { sharedBudgetRatio } from './sharedBudgetRatio.ts';
import { telemetryOverhead } from './telemetry/overhead.ts';

export interface Settings {
  /** Of each figure; every part has its own default. */
  readonly repetitions?: number | undefined;
  /** Of the long session, in all, and its callers. */
  readonly calls: number;
  readonly callers: number;
  /** That are paused. */
  readonly sessions: number;
  /** Folder for CPU profiles of workers. */
  readonly cpuProf?: string | undefined;
}

export interface Part {
  /** What it measures, by the keys of the report; a dot stands for a key within a key. */
  readonly keys: readonly string[];
  /** @returns the values of these keys; of more than one, as an object that has all of them */
  measure(settings: Settings): Promise<object>;
}

const SESSIONS = [1, 10, 50] as const;

/** All that `npm run bench` measures, in this order. What needs the network stands last. */
export const PARTS: readonly Part[] = [
  ...SESSIONS.map((sessions) => ({
    keys: [`planRatio.${sessions}`],
    measure: ({ repetitions = 3, cpuProf }: Settings) => planRatio({ sessions, workers: 1, repetitions, cpuProf }),
  })),
  ...SESSIONS.map((sessions) => ({
    keys: [`planRatioIrreversible.${sessions}`],
    measure: ({ repetitions = 3, cpuProf }: Settings) =>
      planRatioIrreversible({ sessions, workers: 1, repetitions, cpuProf }),
  })),
  {
    keys: ['planRatioTwoWorkers.10'],
    measure: ({ repetitions = 3, cpuProf }) => planRatio({ sessions: 10, workers: 2, repetitions, cpuProf }),
  },
  ...SESSIONS.map((sessions) => ({
    keys: [`governedRatio.${sessions}`],
    measure: ({ repetitions = 3, cpuProf }: Settings) => governedRatio({ sessions, workers: 1, repetitions, cpuProf }),
  })),
  ...SESSIONS.map((sessions) => ({
    keys: [`moneyRatio.${sessions}`],
    measure: ({ repetitions = 3, cpuProf }: Settings) => moneyRatio({ sessions, workers: 1, repetitions, cpuProf }),
  })),
  { keys: ['scanMsPerKiB'], measure: ({ repetitions = 3 }) => scanCost(repetitions) },
  {
    keys: ['scanRatio.10'],
    measure: ({ repetitions = 3, cpuProf }) => scanRatio({ sessions: 10, workers: 1, repetitions, cpuProf }),
  },
  {
    keys: ['sharedBudgetRatio.50'],
    measure: ({ repetitions = 3, cpuProf }) => sharedBudgetRatio({ sessions: 50, workers: 1, repetitions, cpuProf }),
  },
  {
    keys: ['telemetryOverhead.10'],
    measure: ({ repetitions = 3, cpuProf }) => telemetryOverhead({ sessions: 10, workers: 1, repetitions, cpuProf }),
  },
  ...LAYERS.flatMap((layer) =>
    SESSIONS.map((sessions) => ({
      keys: [`auditOverhead.${layer}.${sessions}`],
      measure: ({ repetitions = 10, cpuProf }: Settings) => auditOverhead({ layer, sessions, repetitions, cpuProf }),
    })),
  ),
  {
    keys: ['outsideLatencyRatio'],
    measure: ({ repetitions = 3, cpuProf }) => outsideLatencyRatio(repetitions, cpuProf),
  },
  { keys: ['gatewayRatio'], measure: ({ repetitions = 3, cpuProf }) => gatewayRatio(repetitions, cpuProf) },
  {
    keys: ['gatewayHopMs', 'gatewayHopRatio', 'gateway'],
    measure: async ({ repetitions = 3, cpuProf }) => ({
      ...(await gatewayHop(repetitions, cpuProf)),
      gateway: await gatewayLoad(repetitions, cpuProf),
    }),
  },
  { keys: ['eventsPerCall'], measure: () => eventsPerCall() },
  {
    keys: ['longSessionSlope', 'longSession'],
    measure: ({ calls, callers, repetitions = 1 }) => longSession(calls, callers, repetitions),
  },
  {
    keys: ['pausedKiB', 'resumeMs', 'pausedSessions'],
    measure: ({ sessions, repetitions = 1 }) => pausedSessions(sessions, repetitions),
  },
  {
    keys: ['seal.recordsPerSecond', 'seal.goRatio', 'verify', 'bytesPerRecord'],
    measure: ({ repetitions = 5 }) => sealing(repetitions),
  },
  { keys: ['peers'], measure: ({ repetitions = 3, cpuProf }) => peers(repetitions, cpuProf) },
];

/** The parts that measure a key, such as `planRatio.10` or `resumeMs.cached`, or keys within it, as `planRatio` has. */
export const partsOf = (wanted: string): readonly Part[] =>
  PARTS.filter(({ keys }) => keys.some((key) => within(key, wanted) || within(wanted, key)));

const within = (key: string, other: string): boolean => `${key}.`.startsWith(`${other}.`);
