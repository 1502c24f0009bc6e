import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Custody } from '../../client/custody.ts';
import { type Ratio, ratio, repeat } from '../figures.ts';
import { at, type Place } from '../place/place.ts';
import { startEverything } from '../place/servers.ts';
import { CALLS, type Shape, WARM_UP } from '../planRatio.ts';
import { planRate } from '../plans.ts';

const TOLD = 'bench-told';

/**
 * Calls per second of sessions whose worker tells nothing, over those of one that pushes traces and metrics to a
 * receiver and serves metrics, in turns: how much longer everything takes.
 */
export const telemetryOverhead = ({ workers, sessions, repetitions, cpuProf }: Shape): Promise<Ratio> =>
  at(cpuProf, async (place) => {
    const { url } = await startEverything(place);
    const config = {
      servers: { everything: { url } },
      tools: { 'everything.echo': { effect: 'read-only' } },
      profiles: { standard: {} },
    };
    await place.configure(config);
    const dir = join(place.dir, 'told');
    await mkdir(dir);
    const telemetry = { otlp: { url: await startReceiver(place) }, prometheus: true };
    await writeFile(join(dir, 'custody.yaml'), JSON.stringify({ ...config, telemetry }));
    for (let index = 1; index <= workers; index += 1) {
      await place.startWorker(`bench-${index}`);
      await place.startOther('place/worker.js', dir, `told-${index}`, '', TOLD);
    }
    const { address } = place;
    const told = await Custody.connect({ address, store: join(dir, 'payloads'), actor: 'bench', taskQueue: TOLD });
    place.owns(() => told.close());
    const both = async (load: typeof WARM_UP) => ({
      off: await planRate(place.custody, load),
      on: await planRate(told, load),
    });
    await both(WARM_UP);
    const load = { sessions, calls: CALLS[sessions], settle: 500 + 80 * sessions };
    return ratio(await repeat(repetitions, () => both(load)), 'off', 'on');
  });

/** Takes whatever is sent. */
async function startReceiver(place: Place): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  place.owns(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
