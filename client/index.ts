export { Custody } from './custody.ts';
export type { StartOptions, Who } from './custody.ts';
export type { SessionHandle } from './session/handle.ts';
export type { CallOptions } from './session/calls/calls.ts';
export type { Hear } from './session/calls/hear.ts';
export type { CallDetails } from './session/calls/details.ts';
export type { RecentCall } from './session/calls/recent.ts';
export { reportOf } from './session/report.ts';
export { mcpResult } from './session/calls/mcpResult.ts';
export type { CommandOptions, RespondOptions } from './session/command.ts';
export type { ForkOptions } from './session/starts/fork.ts';
export type { Attached } from './session/agents/attached.ts';
export type { ConnectOptions } from './temporal/connectOptions.ts';
export type { AllIncidents, IncidentsOptions, SessionIncident } from './incidents/all.ts';
export type { Incident, IncidentCause, IncidentView, Severity } from '../protocol/incidents/incident.ts';
export type { Finding } from '../session/watcher/watch.ts';
export type { AllApprovals, ApprovalsOptions, SessionApproval } from './approvals/all.ts';
export type { ApprovalDetails, BeforeView, CallInQuestion } from './approvals/details.ts';
export type { AllReviews, ReviewsOptions, SessionReview } from './reviews/all.ts';
export type { Unanswering } from './list/askAll.ts';
export type { Costs, SessionCost } from './list/cost.ts';
export type { ListOptions, SessionSummary } from './list/list.ts';
export type { PageOptions, SessionPage } from './list/page.ts';
export type { NoticesOptions, NoticeView } from './list/notices.ts';
export type { Filter } from './list/query.ts';
export type { RollbackPreview, RollbackStep } from './session/preview.ts';
export type { SessionReviews } from './session/reviews.ts';
export type { SessionApprovals } from './session/approvals.ts';
export type { Asked } from '../audit/asked.ts';
export type { Entry } from '../audit/entry.ts';
export type { Erased, OrderAct, OrderDone } from '../protocol/evidence/orders.ts';
export type { Sealed } from '../protocol/evidence/sealed.ts';
export type { EraseOptions, Evidence, SessionRecord, Why } from './evidence/evidence.ts';
export type { Sealing } from './evidence/sealing.ts';
export { loadSpec, parseSpec } from '../config/spec.ts';
export type { AgentRecord, RecordKind, Usage } from '../protocol/agent.ts';
export type { ApprovableCommand, Approval, ApprovalKind, ApprovalSubject, Vote } from '../protocol/calls/approvals.ts';
export type { FoundBefore } from '../protocol/calls/asked.ts';
export type { AskKind, ClientAsk, Form, Question } from '../protocol/calls/questions.ts';
export type {
  Answer,
  CallOutcome,
  CallPhase,
  CallProgress,
  Effect,
  LeftOut,
  Method,
  Offered,
  ReadMethod,
  ServerPin,
  ToolPin,
} from '../protocol/calls/call.ts';
export type { CallLog, Heard, LogLevel, SaidEntry, SaidWord } from '../protocol/calls/said.ts';
export type { AllBudgets, Budgets } from './budgets/budgets.ts';
export type { BudgetNote, BudgetTerms, BudgetView, LeaseView } from '../protocol/money/budgets.ts';
export type { MoneyView } from '../protocol/money/view.ts';
export type { ReportName } from '../protocol/reports/names.ts';
export type {
  AuditReport,
  ComplianceReport,
  FinancialReport,
  Reports,
  SummaryReport,
} from '../protocol/reports/reports.ts';
export type { Cited, Tally } from '../protocol/reports/tally.ts';
export type { DelayCause, DelayView } from '../protocol/money/delays.ts';
export type { StateSummary } from './session/describe.ts';
export type { ToolResult } from '../protocol/calls/result.ts';
export type { OutsideName, Resolution } from '../protocol/commands.ts';
export type { PolicyDocument } from '../protocol/calls/policy.ts';
export { CustodyError, ERRORS } from '../protocol/errors.ts';
export type { ErrorCode, Refusal, RpcError } from '../protocol/errors.ts';
export type { Act, ProvenAct } from '../protocol/identity/roles.ts';
export type { NoticeKind } from '../protocol/notices/kinds.ts';
export type { Proven, Role, Standing, Vouched } from '../protocol/identity/standing.ts';
export type { Layer } from '../protocol/records.ts';
export type { ReviewCause, ReviewFinding, ReviewName, ReviewSubject, Verdict } from '../protocol/reviews/reviews.ts';
export type { DoneReviewView, ReviewsView, ReviewView } from '../protocol/reviews/view.ts';
export type { Accepted } from '../protocol/replies.ts';
export type { Tuning } from '../protocol/session-input.ts';
export type { SessionSpec } from '../protocol/spec.ts';
export type { PauseCause, StateName } from '../protocol/states.ts';
export type { Json, JsonObject } from '../protocol/values/json.ts';
export type { PayloadStore, Ref } from '../protocol/values/payload.ts';
export type { ApprovalView, CallView, OpenCallView, SessionView, StartedBy } from '../protocol/view.ts';
