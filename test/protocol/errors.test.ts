import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../protocol/limits.ts';
import { CustodyError, type ErrorCode, ERRORS, isErrorCode } from '../../protocol/errors.ts';

const CODES = Object.keys(ERRORS) as ErrorCode[];
const docs = readFileSync('docs/errors.md', 'utf8');
const sections = new Map(
  docs
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

const SOURCES = [
  'protocol/evidence',
  'evidence',
  'session',
  'config',
  'workflows',
  'activities',
  'worker',
  'mcp',
  'client',
  'store',
  'cedar',
  'audit',
  'gateway',
  'cli',
];
const code = SOURCES.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
)
  .filter((path) => path !== 'session/errors.ts')
  .map((path) => readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''))
  .join('\n');

describe('U4: docs/errors.md', () => {
  test('has one heading for each code, in the order of the code, and no other', () => {
    expect([...sections.keys()]).toEqual(CODES);
    expect(docs.match(/^### /gm)).toHaveLength(CODES.length);
  });

  test.each(CODES)('says of %s what it means and what to do, as the program does, and when it happens', (each) => {
    const section = sections.get(each) ?? '';
    const { title, remedy, http, retryable } = ERRORS[each];
    expect(section).toContain(`\n> ${title}\n`);
    expect(section).toContain(`\n**What to do.** ${remedy}`);
    expect(section).toContain(`\nHTTP ${http}. Again? ${retryable ? 'Yes' : 'No'}.\n`);
    expect(section).toMatch(/\n\*\*When\.\*\* .{40,}/);
  });

  test('names the limits of the code', () => {
    const kib = (bytes: number) => `${bytes / 1024} KiB`;
    for (const [each, limits] of [
      [
        'ANSWER_EXPIRED',
        [LIMITS.answers.toLocaleString('en-US'), kib(LIMITS.answerBytes), kib(LIMITS.carriedAnswerBytes)],
      ],
      ['BACKLOG_FULL', [LIMITS.openCalls.toLocaleString('en-US'), kib(LIMITS.openBytes)]],
      ['ARGUMENTS_TOO_LARGE', [kib(LIMITS.argumentBytes), `${LIMITS.messageBytes / 1024 ** 2} MiB`]],
      [
        'RESULT_TOO_LARGE',
        [`${LIMITS.messageBytes / 1024 ** 2} MiB`, kib(LIMITS.carriedAnswerBytes), kib(LIMITS.resultBytes)],
      ],
      ['TOO_MANY_TOOLS', [String(LIMITS.tools), LIMITS.sessionTools.toLocaleString('en-US')]],
      ['TOOL_TIMEOUT', [`${LIMITS.toolTimeout / 1000} s`]],
      ['SERVER_UNAVAILABLE', [`tried ${LIMITS.attempts} times`]],
    ] as const)
      for (const limit of limits) expect(sections.get(each)).toContain(limit);
  });

  test('links to headings that exist', () => {
    const anchors = (text: string) =>
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w\- ]/g, '')
          .replaceAll(' ', '-'),
      );
    for (const file of ['docs/errors.md', 'docs/state-machine.md']) {
      for (const [, target = '', anchor] of readFileSync(file, 'utf8').matchAll(
        /\]\(((?:[\w-]+\.md)?)(?:#([\w-]+))?\)/g,
      )) {
        const text = readFileSync(target === '' ? file : `docs/${target}`, 'utf8');
        if (anchor !== undefined) expect(anchors(text)).toContain(anchor);
      }
    }
  });
});

test.each(CODES)('U4: the code %s is used', (each) => {
  expect(code).toMatch(new RegExp(`\\b${each}\\b`));
});

test('U4: an error carries its code, what to do, and whether to ask again', () => {
  for (const each of CODES) {
    const error = new CustodyError(each);
    expect(error).toMatchObject({
      name: 'CustodyError',
      code: each,
      message: ERRORS[each].title,
      remedy: ERRORS[each].remedy,
      retryable: ERRORS[each].retryable,
    });
    expect([error.message, error.remedy].every((text) => /^[A-Z].*\.$/.test(text))).toBe(true);
  }
  expect([isErrorCode('USAGE'), isErrorCode('toString'), isErrorCode(undefined)]).toEqual([true, false, false]);
});
