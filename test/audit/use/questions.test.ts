import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { custody } from '../../cli/harness.ts';
import { onDisk, scratch, VKEY } from '../../support/evidence/onDisk.ts';
import { sealedSession } from '../../support/evidence/sealed.ts';
import { recordedSession } from '../recorded.ts';

/** Question, command and answer, as docs/audit.md has them. */
const [, table = ''] = /^## Twelve questions\n([\s\S]*?)^## /m.exec(readFileSync('docs/audit.md', 'utf8')) ?? [];
const rows = [...table.matchAll(/^\| ([^|]*\?) \| `(custody [^`]*)`[^|]* \| (.*) \|$/gm)].map(
  ([, question = '', command = '', answer = '']) => ({ question, command, answer }),
);

const { properties } = JSON.parse(readFileSync('audit/schema/record.v1.json', 'utf8')) as {
  readonly properties: { readonly kind: { readonly enum: readonly string[] } };
};
const kindsIn = (answer: string): ReadonlySet<string> =>
  new Set(
    [...answer.matchAll(/`([^`]*)`/g)].flatMap(([, word = '']) => properties.kind.enum.filter((k) => k === word)),
  );

/** Bundles of two sessions, each with a call to ask for. */
const BUNDLES = { release: 'approved', 'release-trouble': 'denied-1' } as const;
const places = new Map<string, string>();
let key = '';
beforeAll(async () => {
  for (const name of Object.keys(BUNDLES)) places.set(name, await onDisk((await sealedSession(name)).files));
  key = join(await scratch(), 'key');
  await writeFile(key, `${VKEY}\n`);
});

/** The kinds of the records that were printed, in order. */
const printed = (stdout: string): readonly string[] =>
  stdout.split('\n').flatMap((line) => {
    if (line.startsWith('{')) return (JSON.parse(line) as { readonly kind: string }).kind;
    return /^\S+ +(?:#\d+ +)?(?:session|execution|compliance) +(\S+)/.exec(line)?.[1] ?? [];
  });

test('A1: docs/audit.md asks twelve questions', () => {
  expect(rows).toHaveLength(12);
});

test.each(rows)('A1, A4: $question is answered from a bundle alone, where docs/audit.md says', async (row) => {
  const kinds = kindsIn(row.answer);
  let answers = 0;
  for (const [name, call] of Object.entries(BUNDLES)) {
    const named: { readonly [word: string]: string | undefined } = { B: places.get(name), K: key, CALL: call };
    const args = row.command.split(' ').map((word) => named[word] ?? word);
    // At this address nobody listens.
    const { code, stdout, stderr } = await custody([...args.slice(1), '--address', '127.0.0.1:1']);
    expect({ code, problems: stderr.replace(/^1 value not shown: PAYLOAD_MISSING: .*\n/, '') }).toEqual({
      code: 0,
      problems: '',
    });
    if (kinds.size === 0) expect(stdout).toMatch(/^SOUND: |\n\S+ is whole; /);
    const asked = recordedSession(name).records.filter((each) => !args.includes(call) || each?.call === call);
    const wanted = asked.flatMap((each) => each?.kind ?? []).filter((kind) => kinds.has(kind));
    expect(printed(stdout).filter((kind) => kinds.has(kind))).toEqual(wanted);
    answers += wanted.length;
  }
  expect(answers > 0).toBe(kinds.size > 0);
});
