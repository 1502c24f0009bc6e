import { formatPath, type Path, type Problem as Found } from '../../protocol/values/check.ts';
import { CustodyError, type ErrorCode } from '../../protocol/errors.ts';

/** One-based, as editors count. */
export interface Position {
  readonly line: number;
  readonly col: number;
}

/** What is wrong with a document, and where. */
export interface Problem extends Found {
  /** Where it stands, when the path alone does not tell. */
  readonly position?: Position;
}

/** Where values come from: a file, or an object that a program passed. */
export interface Source {
  readonly name: string;
  /** Position of the value (or key) at the path, or of the nearest thing around it that exists. */
  locate(path: Path, atKey: boolean): Position | undefined;
}

export interface LocatedProblem extends Problem {
  readonly source: string;
}

/** More lines than this help nobody; the rest is counted. */
const LINES = 100;

/** The problems of one source with their positions, in the order of the text. */
export const located = (source: Source, problems: readonly Problem[]): LocatedProblem[] =>
  problems
    .map((problem) => {
      const position = problem.position ?? source.locate(problem.path, problem.atKey ?? false);
      return { ...problem, source: source.name, ...(position && { position }) };
    })
    .sort(
      (a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.col ?? 0) - (b.position?.col ?? 0),
    );

/** One error that names every problem: `file:line:col  path  what is wrong, what to write instead`. */
export function problemsError(code: ErrorCode, problems: readonly LocatedProblem[]): CustodyError {
  const sources = [...new Set(problems.map((problem) => problem.source))].join(', ');
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const lines = problems.slice(0, LINES).map(formatProblem);
  if (problems.length > LINES) lines.push(`  … and ${problems.length - LINES} more`);
  return new CustodyError(code, [`${count} in ${sources}:`, ...lines].join('\n'));
}

function formatProblem({ source, position, path, message }: LocatedProblem): string {
  const place = position ? `${source}:${position.line}:${position.col}` : source;
  return ['', place, ...(path.length > 0 ? [formatPath(path)] : []), message].join('  ');
}
