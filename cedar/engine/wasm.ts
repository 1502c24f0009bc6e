import { setFlagsFromString } from 'node:v8';

/** The first major version of Node.js whose V8 is not told. */
const SOUND = 23;

/**
 * To be called before Cedar is. V8 of Node.js 20 ends the process ("unreachable code", where it works out the frame of
 * a call from JavaScript to WebAssembly) when it gives up optimized code that such a call stands in; so it is told to
 * optimize without these calls. The flag is one of the process, for all of its threads.
 */
export function keepWasmApart(): void {
  if (Number.parseInt(process.versions.node, 10) < SOUND) setFlagsFromString('--no-turbo-inline-js-wasm-calls');
}
