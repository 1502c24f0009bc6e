import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const pages = ['README.md', ...walk('docs')].filter((path) => path.endsWith('.md'));

function walk(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? walk(path) : [path];
  });
}

test('U1: the README begins with a sentence and a program of at most 15 lines, which is examples/first.ts', () => {
  const program = /```ts\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
  expect(program).toBe(read('examples/first.ts'));
  expect(program.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
});

test('U4: no page and no source of the package cites a requirement by its tag, which its reader does not know', () => {
  const { files } = JSON.parse(read('package.json')) as { readonly files: readonly string[] };
  const folders = files.filter((each) => each.startsWith('dist/')).map((each) => each.slice('dist/'.length));
  const sources = folders.flatMap(walk).filter((path) => path.endsWith('.ts'));
  expect(sources.length).toBeGreaterThan(200);
  expect([...pages, ...sources].filter((path) => /\([A-Z]\d{1,2}(, [A-Z]\d{1,2})*\)/.test(read(path)))).toEqual([]);
});

test.each(pages)('U4: every link of %s leads somewhere in the repository', (page) => {
  for (const [, target = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
    expect(existsSync(file), `${page} -> ${target}`).toBe(true);
    if (anchor !== undefined && file.endsWith('.md'))
      expect(anchorsOf(readFileSync(file, 'utf8')), `${page} -> ${target}`).toContain(anchor);
  }
});

const anchorsOf = (text: string): string[] =>
  [...text.matchAll(/^#+\s+(.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );

test('U1: the client installs and runs without the native worker: nothing that it imports leads there', () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, type, target = ''] of readFileSync(file, 'utf8').matchAll(
      /^(?:import|export) (type )?[^'"]*from '([^']+)'/gm,
    )) {
      if (type) continue;
      if (target.startsWith('.')) visit(resolve(dirname(file), target));
      else packages.add(target);
    }
  };
  visit(join(root, 'client/index.ts'));
  expect(seen.size).toBeGreaterThan(20);
  for (const name of ['@temporalio/worker', '@temporalio/testing', '@temporalio/core-bridge', '@temporalio/activity'])
    expect([...packages]).not.toContain(name);
  const { dependencies, optionalDependencies } = JSON.parse(read('package.json')) as Record<
    string,
    Record<string, string>
  >;
  expect(Object.keys(dependencies ?? {})).not.toContain('@temporalio/worker');
  expect(Object.keys(optionalDependencies ?? {})).toContain('@temporalio/worker');
});

/** Where each key of a profile that has an effect is shown to have it: a file, and a part of the test's title. */
const SHOWN: { readonly [key: string]: readonly [file: string, title: string] } = {
  'session.timeout': ['test/workflows/deadline.test.ts', '24 h after the start a session pauses'],
  'session.gracePeriod': ['test/workflows/deadline.test.ts', 'times out when the 30 m of grace are over'],
  'session.warning': ['test/workflows/deadline.test.ts', 'after a warning at 23 h'],
  'session.maxExtension': ['test/session/lifecycle/governance.test.ts', 'up to maxExtension in sum'],
  'session.serverWait': ['test/e2e/servers/late.test.ts', 'within session.serverWait'],
  'session.idleTimeout': ['test/workflows/deadline.test.ts', 'an idle session reaches its deadline early'],
  'session.pausedTimeCounts': [
    'test/workflows/deadline.test.ts',
    'with pausedTimeCounts: false a pause moves the deadline',
  ],
  'session.autoResume': ['test/session/lifecycle/governance.test.ts', 'with autoResume, resume by themselves'],
  'session.auditTrail': ['test/config/profile.test.ts', 'auditTrail'],
  'session.complianceCheck': ['test/session/lifecycle/pauses.test.ts', 'complianceCheck: true holds the end'],
  'session.concurrency': ['test/workflows/session/calls.test.ts', 'all run, four at a time'],
  'session.maxCalls': ['test/session/capacity/limits.test.ts', 'maxCalls: the call that would pass it'],
  'session.maxBytes': ['test/session/capacity/limits.test.ts', 'maxBytes: the call that would pass it'],
  'session.maxIdentical': ['test/faults/runawayAgent.test.ts', '20 are made'],
  'session.maxArguments': ['test/e2e/payloads/limits.test.ts', 'beyond session.maxArguments nothing is sent'],
  'session.maxResult': ['test/e2e/payloads/limits.test.ts', 'beyond session.maxResult nothing is kept'],
  'session.agentHeartbeat': ['test/e2e/agents.test.ts', 'an agent that falls silent is one restart'],
  'session.askRepeats': ['test/session/calls/repeats.test.ts', 'once session.askRepeats is over'],
  'session.whilePaused': ['test/session/lifecycle/pauses.test.ts', 'with whilePaused: refuse'],
  'session.onPause': ['test/e2e/servers/calls.test.ts', 'cancels calls under way on pause'],
  'onTimeout.pause': ['test/session/lifecycle/governance.test.ts', 'pause: false ends the session at its deadline'],
  'onTimeout.audit': [
    'test/session/lifecycle/governance.test.ts',
    '%s writes a record at the warning and at the deadline, or none',
  ],
  'onTimeout.notify': [
    'test/session/lifecycle/governance.test.ts',
    '%s writes a record at the warning and at the deadline, or none',
  ],
  'onTimeout.rollback': ['test/session/lifecycle/governance.test.ts', 'rollback undoes what it can'],
  'onRestart.restore': ['test/faults/workerKilled.test.ts', 'onRestart.restore: false pauses the session'],
  'onRestart.audit': ['test/session/lifecycle/pauses.test.ts', '%s writes a record, or none'],
  'onRestart.notify': ['test/session/lifecycle/pauses.test.ts', '%s writes a record, or none'],
  'cost.auditCost': ['test/session/money/account.test.ts', 'each layer costs by the hour'],
  'cost.executionCost': ['test/session/money/account.test.ts', 'each layer costs by the hour'],
  'cost.complianceCost': ['test/session/money/account.test.ts', 'each layer costs by the hour'],
  'cost.autoScale': ['test/session/money/alerts.test.ts', 'autoScale raises them again after a top-up'],
  'cost.budgetLimit': ['test/e2e/money/budget.test.ts', 'one that cannot be paid is not sent'],
  'cost.costAlert': ['test/session/money/alerts.test.ts', 'at shares that the profile names'],
  'onCostAlert.scaleDown': ['test/session/money/alerts.test.ts', 'scaleDown halves the calls at once'],
  'onCostAlert.audit': ['test/session/money/alerts.test.ts', 'onCostAlert says what comes of it'],
  'onCostAlert.notify': ['test/session/money/alerts.test.ts', 'onCostAlert says what comes of it'],
  'onCostAlert.pause': ['test/session/money/alerts.test.ts', 'onCostAlert says what comes of it'],
  'cost.personCost': ['test/session/money/delays.test.ts', 'the time in which people decide'],
  'cost.delayOnTimeout': ['test/session/money/delays.test.ts', 'the model adds its per cent'],
  'cost.delayOnRestart': ['test/session/money/delays.test.ts', 'the model adds its per cent'],
  'cost.delayOnRollback': ['test/session/money/delays.test.ts', 'the model adds its per cent'],
  'onReport.summary': ['test/session/reports.test.ts', 'those on record that its profile asks for'],
  'onReport.audit': ['test/session/reports.test.ts', 'those on record that its profile asks for'],
  'onReport.compliance': ['test/session/reports.test.ts', 'those on record that its profile asks for'],
  'onReport.financial': ['test/session/reports.test.ts', 'those on record that its profile asks for'],
  'reviews.session': ['test/session/reviews/reviews.test.ts', 'reviews.%s says who does it'],
  'reviews.execution': ['test/session/reviews/reviews.test.ts', 'reviews.%s says who does it'],
  'reviews.compliance': ['test/session/reviews/reviews.test.ts', 'reviews.%s says who does it'],
  'reviews.extra': ['test/session/reviews/extra.test.ts', 'reviews.extra says who does it'],
  'reviews.persons': ['test/session/reviews/reviews.test.ts', 'reviews.persons says how many'],
  'reviews.due': ['test/session/reviews/reviews.test.ts', 'reviews.due says how long'],
  'incidents.denials': ['test/session/incidents/causes.test.ts', 'incidents.denials calls that rules deny in a row'],
  'onIncident.audit': ['test/session/incidents/life.test.ts', 'onIncident says what comes of it'],
  'onIncident.notify': ['test/session/incidents/life.test.ts', 'onIncident says what comes of it'],
  'onIncident.pause': ['test/session/incidents/life.test.ts', 'onIncident says what comes of it'],
  'scan.secrets': ['test/e2e/incidents/scan.test.ts', 'scan: %s'],
  'scan.mail': ['test/activities/scan/personal.test.ts', 'mail'],
  'scan.iban': ['test/activities/scan/personal.test.ts', 'iban'],
  'scan.card': ['test/activities/scan/personal.test.ts', 'card'],
  'scan.phone': ['test/activities/scan/personal.test.ts', 'phone'],
  'proof.closeIncident': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.topUp': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.start': ['test/e2e/identity/starts.test.ts', 'that needs a proof and has none'],
  'proof.fork': ['test/e2e/identity/starts.test.ts', 'fork needs a proof where the profile says so'],
  'proof.recover': ['test/e2e/identity/starts.test.ts', 'recover needs a proof'],
  'proof.resume': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.checkpoint': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.rollback': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.extend': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.complete': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.cancel': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.resolve': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.respond': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.approve': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.reject': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.review': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.attach': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.saveState': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'proof.record': ['test/session/identity/needs.test.ts', 'proof.%s: true, or false'],
  'onRestart.compliance': [
    'test/session/lifecycle/pauses.test.ts',
    'compliance: a review is due, once, and done before work goes on',
  ],
};

test('U4: each row of the profile in docs/configuration.md is shown by a test', () => {
  const rows = [
    ...read('docs/configuration.md').matchAll(
      /^\| `((?:session|reviews|on\w+|cost|incidents|scan|proof)\.\w+)` \|(.*)$/gm,
    ),
  ];
  expect(rows.length).toBeGreaterThan(30);
  for (const [, key = ''] of rows) {
    const [file, title] = SHOWN[key] ?? [];
    const joined = file && read(file).replace(/['`] \+\s+['`]/g, '');
    expect(joined && joined.includes(title ?? ''), `${key} is shown by no test`).toBe(true);
  }
});
