import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Replay, Replayed } from '../../audit/check/replay.ts';
import type { GivenRun } from '../../audit/check/finding.ts';

/** The workflows of this build as workers run them, by the build id that they leave in histories. */
type Bundles = ReadonlyMap<string, string>;

/** Replays runs under the workflows of this build; undefined where the optional package of workers is not installed. */
export async function replayer(): Promise<Replay | undefined> {
  const worker = await import('@temporalio/worker').catch(() => undefined);
  if (!worker) return undefined;
  const { Worker, Runtime, DefaultLogger } = worker;
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  } catch {
    // There is one already.
  }
  const bundles = await bundlesOfThisBuild();
  return async (run, session): Promise<Replayed> => {
    const builds = buildsOf(run);
    const code = builds.length === 1 ? bundles.get(builds[0] ?? '') : undefined;
    if (code === undefined) return { skipped: otherBuild(builds) };
    try {
      await Worker.runReplayHistory({ workflowBundle: { code } }, { events: [...run.events] }, session);
      return { ok: true };
    } catch (error) {
      return { differs: error instanceof Error ? error.message : String(error) };
    }
  };
}

async function bundlesOfThisBuild(): Promise<Bundles> {
  const [{ workflowBundle, builtFile }, { default: manifest }] = await Promise.all([
    import('../../worker/temporal/bundle.ts'),
    import('@temporalio/worker/package.json', { with: { type: 'json' } }),
  ]);
  const hidden = await workflowBundle(true);
  const codes = [await readFile(builtFile('workflows/bundle.cjs'), 'utf8'), 'code' in hidden ? hidden.code : ''];
  return new Map(codes.map((code) => [`@temporalio/worker@${manifest.version}+${sha256(code)}`, code]));
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The builds of the workers that decided in a run. */
function buildsOf({ events }: GivenRun): readonly string[] {
  const builds = events.flatMap((event) => {
    const { workerVersion } = event.workflowTaskCompletedEventAttributes ?? {};
    return workerVersion?.buildId ? [workerVersion.buildId] : [];
  });
  return [...new Set(builds)];
}

const otherBuild = (builds: readonly string[]): string =>
  builds.length > 1
    ? `${builds.length} builds decided in it`
    : `it was made by the build ${builds[0] ?? '(none is named)'}, which is not this one`;
