import { heartbeats } from './heartbeats.ts';
import { asFailure } from '../openServer.ts';

/** Work that sends heartbeats, so that it is soon noticed when its worker dies; its errors become failures by code. */
export async function beating<T>(work: () => Promise<T>): Promise<T> {
  const beats = heartbeats(undefined);
  try {
    return await work();
  } catch (error) {
    throw asFailure(error);
  } finally {
    beats.stop();
  }
}
