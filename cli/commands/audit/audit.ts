import type { Program } from '../../program.ts';
import { addCheck } from './check.ts';
import { addDue } from './due.ts';
import { addErase } from './erase.ts';
import { createGroup } from './group.ts';
import { addHold } from './hold.ts';
import { addProof } from './proof.ts';
import { addRecords } from './records.ts';
import { addSchema } from './schema.ts';
import { addSeal } from './seal.ts';

export function addAudit(program: Program): void {
  const group = createGroup(program);
  const commands = [addRecords, addCheck, addSeal, addProof, addErase, addHold, addDue, addSchema];
  for (const add of commands) add(group);
}
