import type { Program } from '../../program.ts';
import { addCheck } from './check.ts';
import { createGroup } from './group.ts';
import { addProof } from './proof.ts';
import { addRecords } from './records.ts';
import { addSchema } from './schema.ts';
import { addSeal } from './seal.ts';

export function addAudit(program: Program): void {
  const group = createGroup(program);
  for (const add of [addRecords, addCheck, addSeal, addProof, addSchema]) add(group);
}
