/**
 * The SDK (1.23) freezes all that the workflows of a thread share, as deep as it can see, and a frozen zod schema throws
 * once it parses: it keeps on itself what it works out on first use, and resets the patterns it matches. The SDK does
 * not look into what is frozen already, so a schema that is frozen itself keeps its inner part as it is.
 *
 * Loaded once for each thread of a worker, after the schemas and before the SDK freezes.
 */
interface Bundled extends ImportMeta {
  /** Of webpack: the modules of a folder, by name. */
  webpackContext?(folder: string, options: { recursive: boolean; regExp: RegExp }): Modules;
}

type Modules = ((name: string) => object) & { keys(): string[] };

/** Freezes the schemas among the values, and in the objects and lists that hold them, and nothing else. */
export function shieldSchemas(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if ('_zod' in value) Object.freeze(value);
  else for (const member of Object.values(value)) shieldSchemas(member, seen);
}

// The name stands in full, since that is what webpack looks for. Without webpack nothing is shared, and nothing frozen.
const modules = (import.meta as Bundled).webpackContext?.('../../protocol', { recursive: true, regExp: /\.js$/ });
for (const name of modules?.keys() ?? []) shieldSchemas(modules?.(name));
