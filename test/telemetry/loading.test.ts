import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Packages of OpenTelemetry that are loaded with a module of the package. */
function loadedWith(module: string): readonly string[] {
  const url = new URL(`../../dist/${module}`, import.meta.url).href;
  const script = `
    import Module from 'node:module';
    await import(${JSON.stringify(url)});
    const files = Object.keys(Module._cache);
    const names = files.flatMap((file) => /@opentelemetry.([a-z-]+)/.exec(file)?.[1] ?? []);
    console.log(JSON.stringify([...new Set(names)]));
    process.exit(0);`;
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd, encoding: 'utf8' });
  return JSON.parse(said) as string[];
}

test.each(['client/index.js', 'worker/worker.js', 'cli/commands/use/call.js', 'gateway/mcp/server.js'])(
  'A8: %s loads no SDK of OpenTelemetry: only a worker that tells something does',
  (module) => {
    expect(loadedWith(module).filter((name) => name !== 'api')).toEqual([]);
  },
);

test('A8: what such a worker loads is found by this test', () => {
  expect(loadedWith('telemetry/providers.js')).toEqual(expect.arrayContaining(['sdk-trace', 'sdk-metrics']));
});
