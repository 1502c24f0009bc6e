"""A worker of mcp-agent on Temporal, and its workflow: an agent that calls the tool `echo` so many times.

It reads mcp_agent.config.yaml in the working directory, and runs until it is killed.
"""

import asyncio

from mcp_agent.agents.agent import Agent
from mcp_agent.app import MCPApp
from mcp_agent.executor.temporal import create_temporal_worker_for_app
from mcp_agent.executor.workflow import Workflow, WorkflowResult
from temporalio.exceptions import ApplicationError

app = MCPApp(name="bench")


@app.workflow
class EchoWorkflow(Workflow[int]):
    @app.workflow_run
    async def run(self, calls: int) -> WorkflowResult[int]:
        async with Agent(name="echo", server_names=["everything"]) as agent:
            for index in range(calls):
                result = await agent.call_tool("echo", {"message": f"call {index}"}, "everything")
                if result.isError:
                    raise ApplicationError(f"call {index} failed: {result}", non_retryable=True)
        return WorkflowResult(value=calls)


async def main() -> None:
    async with create_temporal_worker_for_app(app) as worker:
        await worker.run()


asyncio.run(main())
