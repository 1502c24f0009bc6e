"""An agent of mcp-agent whose tools run in a Custody session."""

import asyncio
import sys

from mcp_agent.agents.agent import Agent
from mcp_agent.app import MCPApp
from mcp_agent.workflows.llm.augmented_llm_openai import OpenAIAugmentedLLM

app = MCPApp(name="desk")


async def main(task: str) -> None:
    async with app.run():
        agent = Agent(name="writer", instruction="You write files.", server_names=["custody"])
        async with agent:
            llm = await agent.attach_llm(OpenAIAugmentedLLM)
            print(await llm.generate_str(task))


asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "Write a short poem to poem.md."))
