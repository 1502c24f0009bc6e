import { expect, onTestFinished, test, vi } from 'vitest';
import { checkTelemetry } from '../../cli/doctor/telemetry.ts';
import { freePort } from '../../cli/temporal/freePort.ts';
import { OperatorFolder, PROFILES, SERVERS } from '../config/operatorFolder.ts';
import { OtlpReceiver } from './receiver.ts';

const folder = new OperatorFolder();
const checkOf = async (telemetry: string) =>
  checkTelemetry(await folder.load(`${SERVERS}\n${PROFILES}\n${telemetry}\n`));

test('A8, U4: custody doctor says whether telemetry is on, and whether the receiver takes it', async () => {
  expect(await checkOf('')).toMatchObject({ status: 'note', detail: 'off' });
  expect(await checkOf('telemetry: { prometheus: true }')).toMatchObject({ status: 'ok' });

  let status = 200;
  const receiver = await OtlpReceiver.start(() => status);
  onTestFinished(() => receiver.stop());
  vi.stubEnv('TEST_OTLP_TOKEN', 'Bearer of-the-receiver');
  onTestFinished(() => void vi.unstubAllEnvs());
  const headers = '{ authorization: { fromEnv: TEST_OTLP_TOKEN } }';
  const there = `telemetry: { otlp: { url: "${receiver.url}", headers: ${headers} } }`;
  expect(await checkOf(there)).toMatchObject({ status: 'ok' });
  expect(receiver.requests[0]).toMatchObject({ path: '/v1/traces', body: '{"resourceSpans":[]}' });
  expect(receiver.requests[0]?.headers.authorization).toBe('Bearer of-the-receiver');
  status = 401;
  expect(await checkOf(there)).toMatchObject({ status: 'warn', detail: expect.stringContaining('401') as string });

  const nobody = `telemetry: { otlp: { url: "http://127.0.0.1:${await freePort()}" } }`;
  expect(await checkOf(nobody)).toMatchObject({
    status: 'warn',
    detail: expect.stringContaining('ECONNREFUSED') as string,
  });
  vi.stubEnv('TEST_OTLP_TOKEN', '');
  expect(await checkOf(there)).toMatchObject({ status: 'fail' });
});
