import * as z from 'zod/mini';

/** What workflows share as Custody's share the schemas of protocol/. */
export const Schema = z.object({ text: z.string() });
