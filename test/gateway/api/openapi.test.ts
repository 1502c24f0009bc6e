import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROUTES } from '../../../gateway/api/table.ts';
import { openApi } from '../../../scripts/openapi.ts';

const PUBLISHED = JSON.parse(readFileSync('gateway/api/openapi.v1.json', 'utf8')) as Record<string, unknown>;

test('G4: the OpenAPI document is that of the routes and types (npm run schema)', () => {
  expect(PUBLISHED).toEqual(JSON.parse(JSON.stringify(openApi())));
});

test('G4: each of its references leads somewhere, and each route has an operation of its own', () => {
  const { schemas } = PUBLISHED.components as { schemas: Record<string, unknown> };
  const references = [...JSON.stringify(PUBLISHED).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.filter(([, name]) => !(name! in schemas))).toEqual([]);
  const ids = [...JSON.stringify(PUBLISHED.paths).matchAll(/"operationId":"(\w+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ROUTES.length);
});

test('G4: nothing that changes anything is asked for by GET', () => {
  const acting = ROUTES.filter(({ who, method }) => typeof who === 'string' && method === 'GET');
  expect(acting.map(({ path }) => path)).toEqual(['/sessions/{id}/calls/{callId}/answer']);
});
