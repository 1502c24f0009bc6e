import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporalAddress } from '../support/temporal.ts';

const DEMO = fileURLToPath(new URL('../../dist/examples/demo/main.js', import.meta.url));

test('P2, P3, C2, C3, A4: the demo shows a denial, an approval, a call that waits for money, and a seal', async () => {
  const demo = spawn(process.execPath, [DEMO, '--address', temporalAddress()], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, errors, [code]] = await Promise.all([text(demo.stdout), text(demo.stderr), once(demo, 'exit')]);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(said).toMatch(/POLICY_DENIED: .* by the rule "markdown": Write a \.md file instead\./);
  expect(said).toMatch(/approval-asked +a1: files\.write_file \(publish\), by 1 person until/);
  expect(said).toMatch(
    /\$ custody approve session-\S+\/a1 --digest \S+ +\(by ann, a second person\)\n.*approved +a1 \(1 of 1\)/,
  );
  expect(said).toMatch(/cost-alert +3\.\S+ USD are spent, 50 % or more of the budget of 5 USD/);
  expect(said).toMatch(/PAUSED \(budget\): BUDGET_EXCEEDED: jobs\.echo \(dear\) may cost up to 3 USD/);
  expect(said).toMatch(/\$ custody top-up --by 2[^]*topped-up/);
  expect(said).toMatch(/COMPLETED, all is written/);
  const [, records] = /SOUND: (\d+) records of custody\/default\/session-/.exec(said) ?? [];
  expect(said).toContain(`opened     ${records} records, ${records} derived again from raw histories`);
  const [, report = ''] = /The report, for a browser: (\S+)\n/.exec(said) ?? [];
  expect(await readFile(report, 'utf8')).toMatch(new RegExp(`under the checkpoint of [^<]+, size ${records}, root`));
  await rm(dirname(report), { recursive: true });
  expect(said.trimEnd().split('\n').length).toBeLessThanOrEqual(95);
});
