import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { cacheDir } from '../../../cli/temporal/cacheDir.ts';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { makeOnce } from '../../../cli/temporal/once.ts';
import { withProgress } from '../../../cli/temporal/progress.ts';
import { run } from '../../../cli/temporal/run.ts';
import { startServerProcess } from '../../../cli/temporal/serverProcess.ts';
import { isExecutable } from '../../../cli/temporal/ways.ts';
import type { S3Account } from '../../../store/evidence/s3.ts';
import { isListening } from '../processes/listening.ts';
import { ToolMissing } from '../time/requireTool.ts';
import { until } from '../until.ts';

/** The Versity S3 gateway: a real S3 server over a folder, with versions and object lock. */
const VERSION = 'v1.8.0';

/**
 * The path of the gateway, built with Go once and kept in the cache folder of Custody.
 * @throws ToolMissing where there is no Go
 */
export async function versitygw(): Promise<string> {
  const { env } = process;
  const target = join(cacheDir(), 'versitygw', `versitygw-${VERSION}`);
  if (await isExecutable(target)) return target;
  await run('go', ['version'], { env }).catch((error: Error) => {
    throw new ToolMissing(error.message, { cause: error });
  });
  await withProgress(`Building the Versity S3 gateway ${VERSION} with Go`, console.log, () =>
    makeOnce(
      target,
      () => isExecutable(target),
      async (workDir) => {
        await run(
          'go',
          ['install', '-trimpath', '-ldflags=-s -w', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`],
          { env: { ...env, CGO_ENABLED: '0', GOBIN: workDir }, cwd: workDir },
        );
        return join(workDir, 'versitygw');
      },
    ),
  );
  return target;
}

/** A service that runs, and a client of its owner, who may do everything. */
export interface Service {
  readonly account: Omit<S3Account, 'bucket' | 'prefix'>;
  readonly owner: S3;
  stop(): Promise<void>;
}

/** Starts the gateway over an absolute folder. */
export async function startService(program: string, dir: string): Promise<Service> {
  const [port, accessKey, secretKey] = [await freePort(), 'owner', 'secret-of-the-owner'];
  const folders = { data: join(dir, 'data'), versions: join(dir, 'versions'), metadata: join(dir, 'metadata') };
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  const general = ['--quiet', '--port', `127.0.0.1:${port}`, '--access', accessKey, '--secret', secretKey];
  const backend = ['posix', '--versioning-dir', folders.versions, '--sidecar', folders.metadata, folders.data];
  const server = await startServerProcess(program, [...general, ...backend], process.env);
  const ended = server.ended.then((how) => Promise.reject(new Error(`The S3 gateway ended: ${how}`)));
  ended.catch(() => undefined);
  await Promise.race([until('the S3 gateway listening', () => isListening(port)), ended]);
  const account = { url: `http://127.0.0.1:${port}`, region: 'us-east-1', accessKey, secretKey };
  const owner = new S3({
    endpoint: account.url,
    region: account.region,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    forcePathStyle: true,
  });
  return { account, owner, stop: () => server.stop() };
}

/** A gateway of the tests around it: it is there from the first of them to the last. */
export function serviceOf(program: string | undefined): () => Service {
  let dir: string;
  let service: Service;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'custody-s3-'));
    service = await startService(program!, dir);
  });
  afterAll(async () => {
    await service?.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return () => service;
}
