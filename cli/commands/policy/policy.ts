import type { Program } from '../../program.ts';
import { addCheck } from './check.ts';
import { addCoverage } from './coverage.ts';
import { addExplain } from './explain.ts';
import { createGroup } from './group.ts';
import { addReplay } from './replay.ts';
import { addTest } from './test.ts';

export function addPolicy(program: Program): void {
  const group = createGroup(program);
  for (const add of [addCheck, addTest, addExplain, addReplay, addCoverage]) add(group);
}
