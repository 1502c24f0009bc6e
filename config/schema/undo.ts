import * as z from 'zod/mini';
import type { Json, JsonObject } from '../../protocol/values/json.ts';
import { referencesIn } from '../../protocol/values/references.ts';
import type { UndoRule } from '../../protocol/calls/undo.ts';
import { addProblem, onObjects, printable } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { listed } from '../../protocol/values/text.ts';

/** What arguments may refer to. `callKey` is 16 hex digits of its own for each call, fit for a file name. */
const KNOWN = {
  before: ['args'],
  call: ['args', 'result', 'callKey'],
  restore: ['args', 'result', 'before', 'callKey'],
  remove: ['args', 'result', 'callKey'],
} as const;

const tool = printable(200, 'the name of a tool of this server');
const args: Schema<JsonObject> = z.record(z.string(), z.custom<Json>());
const undoCall = z.strictObject({ tool, args });

const notFound = z
  .pipe(
    z.union(
      [z.string(), z.array(z.string())],
      'must be a text, or a list of texts, of the error by which the tool says that there is nothing',
    ),
    z.transform((value: string | string[]) => (typeof value === 'string' ? [value] : value)),
  )
  .check(
    z.refine(
      (texts) => texts.length > 0 && texts.every((text) => text.trim().length >= 3),
      'must have at least 3 characters each: a text that any error has would take failures for absence',
    ),
  );

export const undoRule: Schema<UndoRule> = z
  .strictObject({
    call: z.exactOptional(undoCall),
    before: z.exactOptional(z.strictObject({ tool, args, notFound: z.exactOptional(notFound) })),
    restore: z.exactOptional(undoCall),
    remove: z.exactOptional(undoCall),
  })
  .check(
    z.superRefine((rule, ctx) => {
      const has = (key: keyof UndoRule): boolean => rule[key] !== undefined;
      if (has('call') && (has('before') || has('restore') || has('remove')))
        addProblem(
          ctx,
          ['call'],
          'stands beside before, restore or remove; write either call, or before with restore and remove',
          true,
        );
      if (!has('call') && !has('before'))
        addProblem(ctx, [], 'says not how; write call: { tool, args }, or before with restore and remove');
      if (has('before') && !has('restore') && !has('remove'))
        addProblem(
          ctx,
          ['before'],
          'is read for nothing; write restore (there was something before), remove (there was nothing), or both',
          true,
        );
      if (has('remove') && rule.before && rule.before.notFound === undefined)
        addProblem(
          ctx,
          ['before'],
          'needs notFound: a text of the error by which the tool says that there is nothing, such as ENOENT',
          true,
        );
      for (const [key, known] of Object.entries(KNOWN)) {
        const names = referencesIn(rule[key as keyof typeof KNOWN]?.args ?? {})
          .map(({ name }) => name)
          .filter((name) => !(known as readonly string[]).includes(name));
        for (const name of new Set(names))
          addProblem(ctx, [key, 'args'], `refers to "${name}"; known here are ${listed(known)}`);
      }
    }, onObjects),
  );
