/** Writes the JSON Schema of records and the OpenAPI document, from their types, to where they are kept. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { RECORD_VERSION } from '../audit/read/record.ts';
import { openApi } from './openapi.ts';
import { recordSchema } from './recordSchema.ts';

const folder = new URL('../../audit/schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL(`record.v${RECORD_VERSION}.json`, folder), `${JSON.stringify(recordSchema(), null, 1)}\n`);
writeFileSync(new URL('../../gateway/api/openapi.v1.json', import.meta.url), `${JSON.stringify(openApi(), null, 1)}\n`);
