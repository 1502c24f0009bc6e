import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from '../gateway/desk.ts';
import { House } from '../gateway/http/house.ts';
import { type Bridge, startBridge } from './bridge.ts';
import { FAILS_OVER_HTTP, NOT_OVER_STDIO, ONLY, PASSES, REVISIONS } from './scenarios.ts';
import { isClean, openSuite, type Suite } from './suite.ts';

const FIXTURE = fileURLToPath(new URL('../servers/conformance.mjs', import.meta.url));
const RESULTS = fileURLToPath(new URL('./conformance.http.txt', import.meta.url));

const OPTIONS = {
  servers: {
    conformance: { command: process.execPath, args: [FIXTURE], mayAsk: ['form', 'sampling', 'roots'] },
  },
  // Each scenario is a connection of its own, and several make the same call.
  profile: { session: { askRepeats: 'off' } },
};

let suite: Suite;
beforeAll(async () => {
  suite = await openSuite();
});

describe('against custody mcp', () => {
  let desk: Desk;
  let bridge: Bridge;

  beforeAll(async () => {
    desk = await Desk.open(OPTIONS);
    const { command, args, env } = desk.command(await desk.session('conformance'));
    bridge = await startBridge(command, args, env);
  });
  afterAll(async () => {
    await bridge?.close();
    await desk?.close();
  });

  test('G2: each scenario of the suite for servers is one that passes, or is left out for a reason', () => {
    const ours = [...suite.scenarios]
      .filter(([, revisions]) => revisions.some((revision) => (REVISIONS as readonly string[]).includes(revision)))
      .map(([name]) => name);
    expect([...PASSES, ...Object.values(NOT_OVER_STDIO).flat()].sort()).toEqual(ours.sort());
    for (const name of PASSES)
      expect(REVISIONS.filter((revision) => suite.scenarios.get(name)?.includes(revision))).toEqual(
        ONLY[name] ? [ONLY[name]] : REVISIONS,
      );
  });

  describe.each(REVISIONS)("G2: with the fixture's server behind it, under revision %s", (revision) => {
    test.each(PASSES.filter((name) => (ONLY[name] ?? revision) === revision))('%s passes', async (name) => {
      const run = await suite.run(bridge.url, name, revision);
      expect(isClean(run), run.said).toBe(true);
    });
  });
});

/** What became of each scenario, and of those that the revision requires. */
const lines: string[] = [];

describe('against custody serve, over HTTP', () => {
  let house: House;
  let url: string;
  let token: string;

  beforeAll(async () => {
    house = await House.open(OPTIONS);
    const { id } = await house.harness.custody.start(house.harness.spec({ servers: ['conformance'] }));
    await house.harness.until(id, ({ state }) => state === 'RUNNING');
    ({ token } = await house.token({ session: id }));
    url = `${(await house.serve()).url}/mcp`;
  });
  afterAll(async () => {
    await house?.close();
  });

  test.each(REVISIONS)(
    'G2: all that revision %s requires of a server passes but what is named here, and the file of results says so',
    async (revision) => {
      const required = await suite.required(revision);
      const failed: string[] = [];
      const of = [...suite.scenarios].filter(([, revisions]) => revisions.includes(revision)).map(([name]) => name);
      expect(of).toEqual(expect.arrayContaining([...required]));
      for (const name of of) {
        const isPassed = isClean(await suite.run(url, name, revision, token));
        const isRequired = required.has(name);
        if (!isPassed) failed.push(name);
        lines.push(`${revision} ${isRequired ? 'required' : 'optional'} ${isPassed ? 'passes' : 'fails '} ${name}`);
      }
      const known = Object.values(FAILS_OVER_HTTP).flat();
      expect(failed.sort()).toEqual(known.filter((name) => of.includes(name)).sort());
    },
    900_000,
  );

  test('G2: the file of scenarios and results is what this run came to', async () => {
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(RESULTS);
  });
});
