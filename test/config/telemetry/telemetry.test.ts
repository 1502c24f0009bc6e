import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { receiverOf } from '../../../config/telemetry/receiver.ts';
import { refusal } from '../errors.ts';
import { OperatorFolder, PROFILES, SERVERS } from '../operatorFolder.ts';

const folder = new OperatorFolder();
const load = (telemetry: string) => folder.load(`${SERVERS}\n${PROFILES}\ntelemetry: ${telemetry}\n`);
const problems = async (telemetry: string) =>
  (await refusal('CONFIG_INVALID', () => load(telemetry))).map((line) => line.replace(/^.*?custody\.yaml:\S+ +/, ''));

describe('A8: where telemetry goes', () => {
  test.each(['docs/telemetry.md', 'docs/configuration.md'])('the block in %s loads', async (page) => {
    const [, block = ''] = /```yaml\n(telemetry:[\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
    const { telemetry } = await folder.load(`${SERVERS}\n${PROFILES}\n${block}`);
    expect(telemetry).toMatchObject({
      otlp: { headers: { authorization: { fromEnv: 'OTLP_TOKEN' } } },
      prometheus: true,
    });
  });

  test('nothing is told unless the file says so; secrets stay references', async () => {
    expect((await folder.load(`${SERVERS}\n${PROFILES}`)).telemetry).toBeUndefined();
    const { telemetry } = await load(
      '{ otlp: { url: "http://localhost:4318", headers: { x-key: { fromFile: ./k } } } }',
    );
    expect(telemetry).toEqual({
      otlp: { url: 'http://localhost:4318', headers: { 'x-key': { fromFile: './k' } } },
      prometheus: false,
    });
  });

  test.each([
    ['{}', 'says nothing'],
    ['{ prometheus: false }', 'says nothing'],
    ['{ otlp: {} }', 'telemetry.otlp.url'],
    ['{ otlp: { url: collector } }', 'is not a URL'],
    ['{ otlp: { url: "grpc://collector:4317" } }', 'must begin with http:// or https://'],
    ['{ otlp: { url: "https://me:secret@collector" } }', 'holds credentials'],
    ['{ otlp: { url: "https://collector/?key=secret" } }', 'must end with its path'],
    ['{ otlp: { url: "https://collector", headers: { Authorization: "Bearer x" } } }', 'looks like a secret'],
    ['{ otlp: { url: "https://collector", header: {} } }', 'header'],
    ['{ prometeus: true }', 'prometeus'],
  ])('%s is refused: %s', async (written, why) => {
    const said = (await problems(written)).join('\n');
    expect(said).toContain(why);
    expect(said).not.toContain('me:secret');
  });

  test('a URL by reference is read as a worker starts, and held against the same rules', async () => {
    const config = await load('{ otlp: { url: { fromEnv: TEST_OTLP_URL } } }');
    vi.stubEnv('TEST_OTLP_URL', 'http://localhost:4318/');
    expect(await receiverOf(config)).toEqual({ url: 'http://localhost:4318/', headers: {} });
    vi.stubEnv('TEST_OTLP_URL', 'http://me:secret@localhost');
    await expect(receiverOf(config)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.not.stringContaining('secret') as string,
    });
    vi.stubEnv('TEST_OTLP_URL', '');
    await expect(receiverOf(config)).rejects.toMatchObject({ code: 'SECRET_MISSING' });
    vi.unstubAllEnvs();
  });
});
