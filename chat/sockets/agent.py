"""/ws/agent/: an agent's socket, opened with the session cookie of a page of this host, or with an API token."""

from __future__ import annotations

from collections import OrderedDict
from typing import ClassVar
from uuid import UUID

from django.conf import settings

from agents import access as agent_access
from agents import actions as agent_actions
from agents.models import Agent, Skill, Team
from chat import access, actions, fanout, lists, snapshots
from chat import protocol as wire
from chat.entries import Receipt
from chat.errors import NotAssigned, SeqFromFuture, SessionAlreadyOpen, Unauthenticated
from chat.facts import Actor
from chat.journal import Post, author
from chat.lifecycle import State
from chat.models import Conversation, Offer
from chat.sockets.authority import Authority
from chat.sockets.base import Socket, in_thread
from chat.sockets.lastseq import last_seq_of
from chat.writer import writer

JOINED_MOST = 50
"""Conversations a socket listens to; joining one more leaves the one joined longest ago."""


class AgentSocket(Socket):
    commands = wire.AGENT_COMMANDS
    presence_kind: ClassVar[str] = "agent"
    heartbeat_s = settings.AGENT_HEARTBEAT_S

    agent: Agent
    joined: OrderedDict[UUID, None]

    async def session_open(self, asked: wire.OpenAgentSession) -> wire.AgentSession:
        if self.is_open():
            raise SessionAlreadyOpen
        agent = await in_thread(self._agent, asked.token)
        if agent is None:
            raise Unauthenticated
        self.agent, self.joined = agent, OrderedDict()
        self.presence_id = str(agent.id)
        key = self.scope["session"].session_key if asked.token is None else asked.token
        self.authority = Authority("cookie" if asked.token is None else "token", key or "", agent.id)
        for channel in (fanout.of_agent(agent.id), fanout.DESK):
            await self.listen(channel)
        await in_thread(agent_actions.came_online, agent.id, self.socket_id)
        for conversation_id in await in_thread(self._mine):
            await self.listen(fanout.of_conversation(conversation_id))
        return await self._session()

    def _agent(self, token: str | None) -> Agent | None:
        if token is not None:
            return agent_access.agent_of_token(token)
        # A cookie is sent by the browser whatever page asks for it; only our own may use it.
        return agent_access.agent_of_user(self.scope["user"]) if self.is_same_origin() else None

    def _mine(self) -> list[UUID]:
        mine = Conversation.objects.filter(agent_id=self.agent.id, state=State.ASSIGNED)
        return list(mine.values_list("pk", flat=True)[:JOINED_MOST])

    async def _session(self) -> wire.AgentSession:
        return await in_thread(session_of, self.agent.id)

    async def availability_set(self, asked: wire.SetAvailability) -> wire.AgentSession:
        await in_thread(
            agent_actions.set_availability,
            agent_id=self.agent.id,
            availability=asked.availability,
            reason=asked.reason,
        )
        return await self._session()

    async def conversation_list(self, asked: wire.ListConversations) -> wire.ConversationList:
        return await in_thread(lists.page, agent=self.agent, view=asked.view, cursor=asked.cursor)

    async def conversation_join(self, asked: wire.Join) -> wire.DeskJoined:
        await in_thread(access.conversation_of_desk, self.agent, asked.conversation_id)
        await self._listen_to(asked.conversation_id)
        return await in_thread(self._joined, asked)

    async def _listen_to(self, conversation_id: UUID) -> None:
        self.joined[conversation_id] = None
        self.joined.move_to_end(conversation_id)
        await self.listen(fanout.of_conversation(conversation_id))
        await self.listen(fanout.of_desk_conversation(conversation_id))
        while len(self.joined) > JOINED_MOST:
            await self._unlisten_to(next(iter(self.joined)))

    async def _unlisten_to(self, conversation_id: UUID) -> None:
        self.joined.pop(conversation_id, None)
        await self.unlisten(fanout.of_conversation(conversation_id))
        await self.unlisten(fanout.of_desk_conversation(conversation_id))

    def _joined(self, asked: wire.Join) -> wire.DeskJoined:
        found = access.conversation_of_desk(self.agent, asked.conversation_id)
        if asked.after_seq > found.last_seq:
            raise SeqFromFuture
        messages, has_more = snapshots.messages_after(found.id, asked.after_seq)
        return wire.DeskJoined(
            conversation=snapshots.for_desk(found.id),
            messages=messages,
            notes=snapshots.notes_of(found.id),
            has_more=has_more,
        )

    async def conversation_leave(self, asked: wire.OfConversation) -> wire.Empty:
        await self._unlisten_to(asked.conversation_id)
        return wire.Empty()

    # --- Verbs ---

    async def conversation_accept(self, asked: wire.OfConversation) -> wire.DeskChanged:
        await in_thread(actions.accept, conversation_id=asked.conversation_id, agent=self.agent)
        await self._listen_to(asked.conversation_id)
        return await self._changed(asked)

    async def conversation_decline(self, asked: wire.Decline) -> wire.Empty:
        await in_thread(actions.decline, conversation_id=asked.conversation_id, agent=self.agent, reason=asked.reason)
        return wire.Empty()

    async def conversation_release(self, asked: wire.OfConversation) -> wire.DeskChanged:
        await in_thread(actions.release, conversation_id=asked.conversation_id, agent=self.agent)
        return await self._changed(asked)

    async def conversation_take_up(self, asked: wire.OfConversation) -> wire.DeskChanged:
        await in_thread(actions.take_up, conversation_id=asked.conversation_id, agent=self.agent)
        await self._listen_to(asked.conversation_id)
        return await self._changed(asked)

    async def conversation_pick(self, asked: wire.OfConversation) -> wire.DeskChanged:
        await in_thread(actions.pick, conversation_id=asked.conversation_id, agent=self.agent)
        await self._listen_to(asked.conversation_id)
        return await self._changed(asked)

    async def conversation_transfer(self, asked: wire.Transfer) -> wire.DeskChanged:
        await in_thread(
            actions.transfer,
            conversation_id=asked.conversation_id,
            agent=self.agent,
            to_agent_id=asked.agent_id,
            to_team_id=asked.team_id,
            to_skill=asked.skill,
            note=asked.note,
        )
        return await self._changed(asked)

    async def conversation_step_in(self, asked: wire.OfConversation) -> wire.DeskChanged:
        await in_thread(actions.step_in, conversation_id=asked.conversation_id, agent=self.agent)
        await self._listen_to(asked.conversation_id)
        return await self._changed(asked)

    async def conversation_step_out(self, asked: wire.OfConversation) -> wire.DeskChanged:
        await in_thread(actions.step_out, conversation_id=asked.conversation_id, agent=self.agent)
        return await self._changed(asked)

    async def conversation_take_over(self, asked: wire.OfConversation) -> wire.DeskChanged:
        await in_thread(actions.take_over, conversation_id=asked.conversation_id, agent=self.agent)
        await self._listen_to(asked.conversation_id)
        return await self._changed(asked)

    async def conversation_return_to_bot(self, asked: wire.ReturnToBot) -> wire.DeskChanged:
        await in_thread(
            actions.return_to_bot, conversation_id=asked.conversation_id, agent=self.agent, reason=asked.reason
        )
        return await self._changed(asked)

    async def conversation_close(self, asked: wire.Close) -> wire.DeskChanged:
        actor = Actor("agent", str(self.agent.id))
        await in_thread(
            actions.close, conversation_id=asked.conversation_id, actor=actor, why=asked.resolution, agent=self.agent
        )
        return await self._changed(asked)

    async def conversation_note(self, asked: wire.AddNote) -> wire.Noted:
        return await in_thread(self._noted, asked)

    def _noted(self, asked: wire.AddNote) -> wire.Noted:
        note = actions.add_note(
            conversation_id=asked.conversation_id, agent=self.agent, client_id=asked.client_id, text=asked.text,
            whisper=asked.whisper,
        )  # fmt: skip
        return wire.Noted(note=snapshots.note(note))

    async def handoff_score(self, asked: wire.ScoreHandoff) -> wire.DeskChanged:
        await in_thread(
            actions.score_handoff, conversation_id=asked.conversation_id, agent=self.agent, score=asked.score
        )
        return await self._changed(asked)

    async def _changed(self, asked: wire.OfConversation) -> wire.DeskChanged:
        return wire.DeskChanged(conversation=await in_thread(snapshots.for_desk, asked.conversation_id))

    # --- The timeline ---

    async def message_post(self, asked: wire.PostToCustomer) -> Receipt:
        who = author("agent", self.agent.id, self.agent.name)
        stored = await writer().post(Post(asked.conversation_id, who, asked.client_id, asked.text))
        return stored.receipt()

    async def message_read(self, asked: wire.ReadIn) -> wire.Empty:
        await in_thread(self._read, asked)
        return wire.Empty()

    def _read(self, asked: wire.ReadIn) -> None:
        found = access.conversation_of_desk(self.agent, asked.conversation_id)
        if found.agent_id == self.agent.id:  # a colleague looking in is not the customer's "seen"
            actions.mark_read(conversation_id=asked.conversation_id, reader="agent", seq=asked.seq)

    async def typing_set(self, asked: wire.SetTypingIn) -> wire.Empty:
        found = await in_thread(access.conversation_of_desk, self.agent, asked.conversation_id)
        if self.agent.id not in (found.agent_id, *found.beside):
            raise NotAssigned
        who = wire.Author(kind="agent", id=str(self.agent.id), name=self.agent.name)
        shown = wire.TypingChanged(conversation_id=asked.conversation_id, author=who, typing=asked.typing)
        fanout.publish(fanout.of_conversation(asked.conversation_id), "typing.changed", shown)
        return wire.Empty()

    async def ping(self, _: wire.Empty) -> wire.Pong:
        return wire.Pong(last_seq=await last_seq_of(list(self.joined) if self.is_open() else []))

    async def left(self) -> None:
        if self.presence_id is not None:
            await in_thread(agent_actions.socket_gone, self.agent.id, self.socket_id)


def session_of(agent_id: int) -> wire.AgentSession:
    agent = Agent.objects.get(pk=agent_id)
    offered = Offer.objects.filter(agent=agent, outcome__isnull=True).values("conversation_id")
    return wire.AgentSession(
        me=snapshots.me(agent),
        offers=snapshots.desk_snapshots(Conversation.objects.filter(pk__in=offered)),
        skills=list(
            Skill.objects.filter(agents__user__is_active=True)
            .distinct()
            .order_by("name")
            .values_list("name", flat=True)
        ),
        teams=[wire.TeamCard(id=team.id, name=team.name) for team in Team.objects.order_by("name")],
        colleagues=snapshots.colleagues(),
        heartbeat_s=settings.AGENT_HEARTBEAT_S,
        text_chars=wire.TEXT_CHARS,
    )
