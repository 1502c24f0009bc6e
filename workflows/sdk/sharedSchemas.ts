/**
 * The SDK (1.23) freezes all that the workflows of a thread share, as deep as it can see, and zod does not bear it: a
 * schema keeps on itself what it works out on first use, and writes to the patterns it matches. The SDK does not look
 * into what is frozen already. So the modules of `protocol/` are frozen themselves, and what they export stays as it
 * is. Those in folders of it are not reached: they export no schema, but functions that make one.
 *
 * Loaded once for each thread of a worker, after those modules and before the SDK freezes.
 */
interface Bundled extends ImportMeta {
  /** Of webpack: the modules of a folder, by name. */
  webpackContext?(folder: string, options: { recursive: boolean; regExp: RegExp }): Modules;
}

type Modules = ((name: string) => object) & { keys(): string[] };

// The name stands in full, since that is what webpack looks for. Without webpack nothing is shared, and nothing frozen.
const modules = (import.meta as Bundled).webpackContext?.('../../protocol', { recursive: true, regExp: /\.js$/ });
for (const name of modules?.keys() ?? []) Object.freeze(modules?.(name));
