/** Writes the JSON Schema of records, from their types, to where it is kept. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { RECORD_VERSION } from '../audit/read/record.ts';
import { recordSchema } from './recordSchema.ts';

const folder = new URL('../../audit/schema/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL(`record.v${RECORD_VERSION}.json`, folder), `${JSON.stringify(recordSchema(), null, 1)}\n`);
