import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readArguments, readJson } from '../../cli/io/input.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-input-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('A2: JSON from the command line is sent as it is written, or not at all', () => {
  test.each(['12345678901234567890', '1e999', '0.1000000000000000055511151231'])('%s', async (number) => {
    const text = `{"orders":[{"id":${number}}]}`;
    const refusal = { code: 'MALFORMED_COMMAND', message: expect.stringContaining(number) as string };
    await expect(readArguments(text)).rejects.toMatchObject(refusal);
    await expect(readJson(text, '--data')).rejects.toMatchObject(refusal);
    const file = join(folder, 'args.json');
    await writeFile(file, text);
    await expect(readArguments(`@${file}`)).rejects.toMatchObject(refusal);
    expect(await readArguments(text.replace(number, `"${number}"`))).toEqual({ orders: [{ id: number }] });
  });

  test('what is no JSON is a mistake in the command', async () => {
    await expect(readJson('{"id":12345678901234567890', '--data')).rejects.toMatchObject({ code: 'USAGE' });
  });
});
