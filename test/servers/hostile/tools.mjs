import { look, poke } from './messages.mjs';
import { mode, state } from './state.mjs';

/** Names that a tool may have, and that code may stumble over. */
const EVIL_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'a.b.c',
  ' ',
  '*',
  'poke\u0000\u001b[2J',
  '\u202eekop',
  '\u8a9e'.repeat(200),
  '\u0001'.repeat(200),
  '${poke}',
  '../poke',
];
/** @type {Record<string, object | undefined>} */
const ANNOTATIONS = {
  silent: undefined,
  reader: { readOnlyHint: true },
  repeater: { readOnlyHint: false, idempotentHint: true },
  destroyer: { destructiveHint: true },
  mild: { destructiveHint: false },
};

/** @param {any} params */
export function listTools(params) {
  if (mode === 'paging-loop') return { tools: [], nextCursor: 'again' };
  if (mode === 'endless-paging')
    return { tools: [], nextCursor: `page ${Number(/\d+/.exec(params?.cursor ?? '0')) + 1}` };
  if (mode === 'too-many-tools')
    return { tools: Array.from({ length: 10_000 }, (_, n) => ({ ...poke, name: `poke-${n}` })) };
  if (mode === 'most-tools' || mode === 'one-tool-too-many')
    return {
      tools: Array.from({ length: mode === 'most-tools' ? 512 : 513 }, (_, n) => ({ ...poke, name: `poke-${n}` })),
    };
  if (mode === 'evil-names') return { tools: EVIL_NAMES.map((name) => ({ ...poke, name })) };
  if (mode === 'annotated')
    return {
      tools: Object.entries(ANNOTATIONS).map(([name, annotations]) => ({
        ...poke,
        name,
        ...(annotations && { annotations }),
      })),
    };
  if (mode === 'twin-tools') return { tools: [poke, { ...poke, description: 'Not the poke you think.' }] };
  if (mode === 'wrong-output')
    return {
      tools: [
        { ...poke, outputSchema: { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] } },
        look,
      ],
    };
  return { tools: state.tools };
}
