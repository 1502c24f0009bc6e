import type { Tried } from '../../notices/try.ts';
import { printable } from '../../io/printable.ts';

/** `custody notices test` in words. */
export const showTried = (tried: readonly Tried[]): string =>
  tried
    .map(({ to, id, status, error }) =>
      error
        ? `${to}: ${error.code}: ${printable(error.message)}\n  ${error.remedy}`
        : `${to} took it, by status ${String(status)}, under the id ${id}.`,
    )
    .join('\n');
