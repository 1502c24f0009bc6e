import type { RunningServer } from '../../servers/start.ts';
import { stdioServer } from '../../servers/start.ts';
import { serve } from '../harness.ts';

/** The hostile server of a mode over stdio. */
export const overStdio = (mode: string): ReturnType<typeof stdioServer> => stdioServer('hostile.mjs', '--mode', mode);

/** The hostile server of a mode over HTTP, killed after the test. */
export const overHttp = (mode: string, ...args: string[]): Promise<RunningServer> =>
  serve('hostile.mjs', ['--mode', mode, ...args]);
