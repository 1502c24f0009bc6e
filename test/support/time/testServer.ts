import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir } from '../../../cli/temporal/cacheDir.ts';
import { makeOnce } from '../../../cli/temporal/once.ts';
import { withProgress } from '../../../cli/temporal/progress.ts';
import { run } from '../../../cli/temporal/run.ts';
import { isExecutable } from '../../../cli/temporal/ways.ts';
import { ToolMissing } from './requireTool.ts';

const VERSION = '1.38.0';
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>custody</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

const LAUNCHER = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

/**
 * The path of a script that runs Temporal's time-skipping test server on Java. Its jars (38 MB) are fetched with Maven
 * once and kept in the cache folder of Custody.
 *
 * @throws ToolMissing when there is no Java, or no Maven to fetch the jars with.
 */
export async function testServerLauncher(): Promise<string> {
  const env = process.env;
  await run('java', ['-version'], { env }).catch(missing);
  const folder = join(cacheDir(), 'temporal', `test-server-${VERSION}`);
  const launcher = join(folder, 'temporal-test-server');
  if (await isExecutable(launcher)) return launcher;
  await run('mvn', ['--version'], { env }).catch(missing);
  await withProgress(`Fetching the Temporal test server ${VERSION}`, console.log, () =>
    makeOnce(
      folder,
      () => isExecutable(launcher),
      async (workDir) => {
        await writeFile(join(workDir, 'pom.xml'), POM);
        await mkdir(join(workDir, 'made'));
        const made = join(workDir, 'made');
        await run(
          'mvn',
          [
            '--batch-mode',
            '--quiet',
            `${DEPENDENCY_PLUGIN}:copy-dependencies`,
            '-DincludeScope=runtime',
            `-DoutputDirectory=${join(made, 'lib')}`,
          ],
          { env, cwd: workDir },
        );
        await writeFile(join(made, 'temporal-test-server'), LAUNCHER);
        await chmod(join(made, 'temporal-test-server'), 0o755);
        return made;
      },
    ),
  );
  return launcher;
}

const missing = (error: Error): never => {
  throw new ToolMissing(error.message, { cause: error });
};
