/** Of the page: light and dark as the reader has it, and sharp on paper. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --rule: #d5dae0; --page: #fff; --fill: #f5f7f9;
  --line: #2563a8; --good: #2e7d4f; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3e7eb; --soft: #9aa4af; --rule: #353c44; --page: #14171b;
  --fill: #1d2127; --line: #7db3f0; --good: #6fc792; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0 0 .25rem; }
section { margin-top: 2.25rem; }
.note, .none, .source { color: var(--soft); margin: 0 0 .6rem; max-width: 60rem; overflow-wrap: anywhere; }
.alarming { border-left: 3px solid var(--bad); padding-left: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--rule);
  overflow-wrap: anywhere; min-width: 3.5rem; }
thead th { color: var(--soft); font-weight: 600; white-space: nowrap; overflow-wrap: normal; }
tbody th { font-weight: 600; }
.number { font-variant-numeric: tabular-nums; }
.says { min-width: 16rem; }
.cites { color: var(--soft); font-size: .72rem; font-weight: 400; margin-left: .4rem; }
.cites a { color: inherit; text-decoration: none; border-bottom: 1px dotted var(--soft); white-space: nowrap; }
.instant { white-space: nowrap; }
details.cites { display: inline-block; }
summary { cursor: pointer; }
tr:target { background: var(--fill); outline: 1px solid var(--line); }
svg { display: block; width: 100%; max-width: 44rem; height: auto; margin: .5rem 0 1rem; }
svg text { fill: var(--soft); font-size: 11px; }
.bar { fill: var(--line); } .bar.good { fill: var(--good); }
.line { fill: none; stroke: var(--line); stroke-width: 1.75; } .dot { fill: var(--line); }
.grid { stroke: var(--rule); stroke-width: 1; }
@media print { body { max-width: none; padding: 0; font-size: 9.5pt; } section { break-inside: auto; }
  h2, thead { break-after: avoid; } tr, svg { break-inside: avoid; } .wide { overflow: visible; }
  .cites a { border: 0; } }
`;
