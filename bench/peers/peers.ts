import type { Custody } from '../../client/custody.ts';
import { type Ratio, ratio, repeat, timed } from '../figures.ts';
import { at } from '../place/place.ts';
import { EVERYTHING_STDIO } from '../place/servers.ts';
import { planOf } from '../plans.ts';
import { startMcpAgent } from './mcpAgent.ts';

/** Sessions at once, and calls of each, also of the one that is alone. */
const [SESSIONS, CALLS] = [10, 50] as const;

export interface Peer {
  /** Custody's calls per second over theirs, of ten sessions at once. */
  readonly throughputRatio: Ratio;
  /** Custody's milliseconds a call over theirs, of one session that makes its calls in sequence. */
  readonly latencyRatio: Ratio;
}

/**
 * Custody beside mcp-agent, in turns: the same tool of the same stdio server, on one Temporal, from the start of the
 * first session to the end of the last. Both open the server, and close their sessions, in that time.
 */
export const peers = (repetitions: number, cpuProf: string | undefined): Promise<{ readonly mcpAgent: Peer }> =>
  at(cpuProf, async (place) => {
    // Custody may keep a shared server open, so that each measurement has one of its own name.
    const names = Array.from({ length: 2 * (repetitions + 1) }, (_, index) => `echo${index}`);
    // One server process a worker, as mcp-agent has it.
    const server = { ...EVERYTHING_STDIO, shared: true };
    await place.configure({
      servers: Object.fromEntries(names.map((name) => [name, server])),
      tools: Object.fromEntries(names.map((name) => [`${name}.echo`, { effect: 'read-only' }])),
      profiles: { standard: {} },
    });
    await place.startWorker('bench');
    const theirs = await startMcpAgent(place);
    const both = async (sessions: number) => {
      const name = names.pop() as string;
      return {
        custody: await timed(() => ours(place.custody, name, sessions)),
        mcpAgent: await timed(() => theirs(sessions, CALLS)),
      };
    };
    await both(SESSIONS); // The code is compiled as it runs.
    await both(1);
    const many = await repeat(repetitions, () => both(SESSIONS));
    const one = await repeat(repetitions, () => both(1));
    const rate = (ms: number): number => (SESSIONS * CALLS) / (ms / 1000);
    const rates = many.map(({ custody, mcpAgent }) => ({ custody: rate(custody), mcpAgent: rate(mcpAgent) }));
    const each = one.map(({ custody, mcpAgent }) => ({ custody: custody / CALLS, mcpAgent: mcpAgent / CALLS }));
    return {
      mcpAgent: {
        throughputRatio: ratio(rates, 'custody', 'mcpAgent'),
        latencyRatio: ratio(each, 'custody', 'mcpAgent'),
      },
    };
  });

async function ours(custody: Custody, server: string, sessions: number): Promise<void> {
  const plan = planOf(CALLS, 0, server);
  const ended = Array.from({ length: sessions }, async () => (await custody.start(plan)).wait());
  for (const { state } of await Promise.all(ended))
    if (state !== 'COMPLETED') throw new Error(`a session ended as ${state}`);
}
