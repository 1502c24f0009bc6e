import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheDir } from '../../../cli/temporal/cacheDir.ts';
import { findTemporal } from '../../../cli/temporal/find.ts';
import { goBuild } from '../../../cli/temporal/goBuild.ts';
import { sdkDownload } from '../../../cli/temporal/sdkDownload.ts';
import { installedCli, type Surroundings, type Way } from '../../../cli/temporal/ways.ts';

let folder: string;
let lines: string[];
let surroundings: Surroundings;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-find-'));
  lines = [];
  await mkdir(join(folder, 'bin'));
  // A proxy that nobody listens on keeps the SDK's download on this machine.
  const env = { PATH: join(folder, 'bin'), HTTPS_PROXY: 'http://127.0.0.1:9', SCRATCH: folder };
  surroundings = { env, cacheDir: join(folder, 'cache'), log: (line) => lines.push(line) };
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Puts a shell script on the PATH of the test. */
async function script(name: string, body: string): Promise<string> {
  const path = join(folder, 'bin', name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A `go` that "builds" slowly enough for a second build to overlap, and writes down that it ran. */
const GO = `
[ "$1" = version ] && exit 0
echo build >> "$SCRATCH/builds"
echo "go: downloading github.com/temporalio/cli v1.5.1" >&2
/bin/sleep 1
echo '#!/bin/sh' > "$GOBIN/temporal"
/bin/chmod 755 "$GOBIN/temporal"`;

describe('U1: a Temporal is found by the first way that works', () => {
  test('the CLI on the PATH goes before everything else', async () => {
    const installed = await script('temporal', 'echo "temporal version 1.5.1"');
    await script('go', GO);
    expect(await findTemporal(surroundings)).toBe(installed);
    await expect(readFile(join(folder, 'builds'), 'utf8')).rejects.toThrow('ENOENT');
  });

  test('one that does not run is passed over', async () => {
    await script('temporal', 'exit 1');
    await script('go', GO);
    expect(await findTemporal(surroundings)).toBe(await goBuild.present(surroundings));
  });

  test('without it the download of the SDK is tried, then Go builds the CLI', async () => {
    await script('go', GO);
    const path = await findTemporal(surroundings);
    expect(path.startsWith(surroundings.cacheDir)).toBe(true);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['Downloading', 'Building', 'Building']);
  });

  test('what was built before is used again, without another attempt to download', async () => {
    await script('go', GO);
    const first = await findTemporal(surroundings);
    lines.length = 0;
    expect(await findTemporal(surroundings)).toBe(first);
    expect(lines).toEqual([]);
  });

  test('what was downloaded before goes before what was built', async () => {
    const way = (name: string, present: string | undefined): Way => ({
      name,
      present: () => Promise.resolve(present),
      obtain: () => Promise.reject(new Error('must not be tried')),
    });
    expect(
      await findTemporal(surroundings, [installedCli, way('download', '/downloaded'), way('build', '/built')]),
    ).toBe('/downloaded');
  });

  test('where nothing works one error names every way and why it failed', async () => {
    const error = await findTemporal(surroundings).then(
      () => undefined,
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'EMBEDDED_TEMPORAL_UNAVAILABLE' });
    const [title, ...ways] = (error as Error).message.split('\n');
    expect(title).toBe('No Temporal could be found, downloaded or built:');
    expect(ways).toEqual([
      '  - an address: none was given',
      '  - `temporal` on the PATH: there is none',
      expect.stringMatching(/^ {2}- the download of Temporal's SDK: .*failed to download/),
      '  - building the CLI with Go: `go` is not installed',
    ]);
  });
});

describe('the build with Go', () => {
  test('two processes at once build once', async () => {
    await script('go', GO);
    const [one, two] = await Promise.all([goBuild.obtain(surroundings), goBuild.obtain(surroundings)]);
    expect(one).toBe(two);
    expect(await readFile(join(folder, 'builds'), 'utf8')).toBe('build\n');
  });

  test('a build that fails leaves nothing behind and says why', async () => {
    await script('go', '[ "$1" = version ] && exit 0\necho "no space left on device" >&2; exit 1');
    await expect(goBuild.obtain(surroundings)).rejects.toThrow('no space left on device');
    expect(await goBuild.present(surroundings)).toBeUndefined();
    await script('go', GO);
    expect(await goBuild.obtain(surroundings)).toBe(await goBuild.present(surroundings));
  });
});

test('a download that fails says why', async () => {
  await expect(sdkDownload.obtain(surroundings)).rejects.toThrow('failed to download');
  expect(await sdkDownload.present(surroundings)).toBeUndefined();
});

test('the cache lies where the platform keeps caches, outside the repository', () => {
  expect(cacheDir({}, 'linux', '/home/ada')).toBe('/home/ada/.cache/custody');
  expect(cacheDir({}, 'darwin', '/Users/ada')).toBe('/Users/ada/Library/Caches/custody');
  expect(cacheDir({ XDG_CACHE_HOME: '/var/cache' }, 'linux', '/home/ada')).toBe('/var/cache/custody');
});
