import { join } from 'node:path';
import { makeOnce } from './once.ts';
import { withProgress } from './progress.ts';
import { run } from './run.ts';
import { ifExecutable, isExecutable, type Surroundings, type Way } from './ways.ts';

/** The newest Temporal CLI that `go install` accepts: later ones have a `replace` in their go.mod. */
const CLI_VERSION = 'v1.5.1';
const CLI_PACKAGE = `github.com/temporalio/cli/cmd/temporal@${CLI_VERSION}`;

const builtFile = ({ cacheDir }: Surroundings): string => join(cacheDir, 'temporal', `temporal-cli-${CLI_VERSION}`);

/** The Temporal CLI built from source with Go: about 3 minutes on 2 cores with nothing cached, 213 MB. */
export const goBuild: Way = {
  name: 'building the CLI with Go',

  present(surroundings) {
    return ifExecutable(builtFile(surroundings));
  },

  async obtain(surroundings) {
    const { env, log } = surroundings;
    const target = builtFile(surroundings);
    await run('go', ['version'], { env });
    await withProgress(`Building the Temporal CLI ${CLI_VERSION} with Go, once for this machine`, log, (setDetail) =>
      makeOnce(
        target,
        () => isExecutable(target),
        async (workDir) => {
          let compiled = 0;
          await run('go', ['install', '-v', '-trimpath', '-ldflags=-s -w', CLI_PACKAGE], {
            env: { ...env, CGO_ENABLED: '0', GOBIN: workDir },
            cwd: workDir,
            onLine: (line) => {
              if (line.startsWith('go: ')) return setDetail(line.slice('go: '.length));
              compiled += 1;
              setDetail(`${compiled} packages compiled, now ${line}`);
            },
          });
          return join(workDir, 'temporal');
        },
      ),
    );
    return target;
  },
};
