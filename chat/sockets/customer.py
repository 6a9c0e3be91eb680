"""/ws/customer/: a customer's socket, anonymous until session.open."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from agents import presence
from chat import access, actions, fanout, sessions, snapshots
from chat import protocol as wire
from chat.entries import Receipt, Who
from chat.errors import ConversationClosed, NotFound, SeqFromFuture, SessionAlreadyOpen
from chat.journal import Post, Stored, author
from chat.sockets.authority import Authority
from chat.sockets.base import Socket, in_thread
from chat.sockets.lastseq import last_seq_of
from chat.sockets.pulse import pulse
from chat.writer import writer


class CustomerSocket(Socket):
    commands = wire.CUSTOMER_COMMANDS
    presence_kind: ClassVar[str] = "customer"
    heartbeat_s = wire.HEARTBEAT_S

    customer_id: UUID
    token: str
    name: str
    who: Who
    conversation_id: UUID | None = None
    _checked: UUID | None = None
    """Where this socket's posts are known to belong: a repeated message may belong to an earlier conversation."""
    _only: UUID | None = None
    """The one conversation that this customer had at session.open: there was no earlier one, so nothing to look up."""

    async def session_open(self, asked: wire.OpenCustomerSession) -> wire.CustomerSession:
        if self.is_open():
            raise SessionAlreadyOpen
        origin = None if self.is_same_origin() else self.origin()
        opened = await in_thread(
            sessions.open_session,
            site_key=asked.site_key,
            token=asked.token,
            identity=asked.identity,
            locale=asked.locale,
            page=asked.page,
            origin=origin,
            address=self.address(),
        )
        self.customer_id, self.token, self.name = opened.customer.id, opened.token, str(opened.customer)
        self.who = author("customer", self.customer_id, self.name)
        self.presence_id = str(self.customer_id)
        self.authority = Authority("customer", sessions.hash_of(self.token))
        await self.listen(fanout.of_customer(self.customer_id))
        answer = await in_thread(self._session, opened)
        if answer.conversation is not None:
            self.conversation_id = answer.conversation.id
            self._show_presence(online=True)
        return answer

    def _show_presence(self, *, online: bool) -> None:
        """To the agents who have the conversation open."""
        if self.conversation_id is not None:
            shown = wire.PresenceChanged(kind="customer", id=str(self.customer_id), online=online)
            fanout.publish(fanout.of_desk_conversation(self.conversation_id), "presence.changed", shown)

    def _session(self, opened: sessions.Opened) -> wire.CustomerSession:
        presence.customer_heard(opened.customer.id, self.socket_id)
        newest = access.newest_of_customer(opened.customer.id, most=2)
        self._only = newest[0] if len(newest) == 1 else None
        return wire.CustomerSession(
            token=opened.token,
            customer=opened.customer.id,
            verified=opened.customer.verified,
            site=snapshots.site(opened.customer.inbox),
            conversation=snapshots.for_customer(newest[0]) if newest else None,
            heartbeat_s=wire.HEARTBEAT_S,
            text_chars=wire.TEXT_CHARS,
        )

    async def session_end(self, _: wire.Empty) -> wire.Empty:
        await in_thread(sessions.end_session, self.token)
        self.presence_id = self.conversation_id = self.authority = self._checked = self._only = (
            None  # the next session may be another customer's
        )
        for channel in tuple(self.channels):
            await self.unlisten(channel)
        return wire.Empty()

    async def conversation_join(self, asked: wire.Join) -> wire.Joined:
        if asked.conversation_id != self.conversation_id:  # which is known to be this customer's
            # First whose it is: a listener hears at once, and a stranger's must not be heard even for a moment.
            await in_thread(access.conversation_of_customer, self.customer_id, asked.conversation_id)
        await self.listen(fanout.of_conversation(asked.conversation_id))
        answer = await in_thread(self._joined, asked)
        self.conversation_id = asked.conversation_id
        return answer

    def _joined(self, asked: wire.Join) -> wire.Joined:
        messages, has_more = snapshots.messages_after(asked.conversation_id, asked.after_seq)
        seen = snapshots.for_customer(asked.conversation_id)  # later than the messages: what came between is pushed
        if asked.after_seq > seen.last_seq:
            raise SeqFromFuture
        return wire.Joined(conversation=seen, messages=messages, has_more=has_more)

    async def message_post(self, asked: wire.PostToBotOrAgent) -> Receipt:
        stored = await self._post(asked)
        return stored.receipt()

    async def _post(self, asked: wire.PostToBotOrAgent) -> Stored:
        """Into the conversation at hand; only without one, or after its end, is the right one looked up."""
        if self.conversation_id is None or self.conversation_id != self._checked:
            await self._find_conversation(asked.client_id)
        try:
            return await writer().post(self._post_of(asked))
        except ConversationClosed:
            await self._find_conversation(asked.client_id)
            return await writer().post(self._post_of(asked))

    def _post_of(self, asked: wire.PostToBotOrAgent) -> Post:
        assert self.conversation_id is not None  # _find_conversation has set it
        return Post(self.conversation_id, self.who, asked.client_id, asked.text)

    async def _find_conversation(self, client_id: str | None) -> None:
        only, self._only = self._only, None  # taken once: if it turns out to be closed, the next look is a real one
        if only is None:
            found = await in_thread(actions.conversation_to_write_in, customer_id=self.customer_id, client_id=client_id)
        else:
            found = only
        self.conversation_id = self._checked = found
        await self.listen(fanout.of_conversation(found))

    async def conversation_request_human(self, _: wire.Empty) -> wire.Changed:
        self.conversation_id = await in_thread(actions.request_human, customer_id=self.customer_id)
        await self.listen(fanout.of_conversation(self.conversation_id))
        return await self._changed()

    async def conversation_close(self, _: wire.Empty) -> wire.Changed:
        self.conversation_id = await in_thread(actions.close_current, customer_id=self.customer_id)
        return await self._changed()

    async def conversation_take_callback(self, _: wire.Empty) -> wire.Changed:
        self.conversation_id = await in_thread(actions.take_callback, customer_id=self.customer_id)
        return await self._changed()

    async def conversation_answer_by_mail(self, asked: wire.AnswerByMail) -> wire.Changed:
        self.conversation_id = await in_thread(actions.answer_by_mail, customer_id=self.customer_id, email=asked.email)
        await self.listen(fanout.of_conversation(self.conversation_id))
        return await self._changed()

    async def conversation_rate(self, asked: wire.Rate) -> wire.Changed:
        self.conversation_id = await in_thread(
            actions.rate, customer_id=self.customer_id, score=asked.score, comment=asked.comment
        )
        return await self._changed()

    async def _changed(self) -> wire.Changed:
        assert self.conversation_id is not None  # the verb before has named it
        return wire.Changed(conversation=await in_thread(snapshots.for_customer, self.conversation_id))

    async def message_read(self, asked: wire.Read) -> wire.Empty:
        if self.conversation_id is None:
            raise NotFound
        await in_thread(actions.mark_read, conversation_id=self.conversation_id, reader="customer", seq=asked.seq)
        return wire.Empty()

    async def typing_set(self, asked: wire.SetTyping) -> wire.Empty:
        if self.conversation_id is not None:
            who = wire.Author(kind="customer", id=str(self.customer_id), name=self.name)
            shown = wire.TypingChanged(conversation_id=self.conversation_id, author=who, typing=asked.typing)
            fanout.publish(fanout.of_conversation(self.conversation_id), "typing.changed", shown)
        return wire.Empty()

    async def ping(self, _: wire.Empty) -> wire.Pong:
        return wire.Pong(last_seq=await last_seq_of([self.conversation_id] if self.conversation_id else []))

    async def left(self) -> None:
        if self.presence_id is not None:
            await in_thread(presence.customer_gone, self.presence_id, self.socket_id)
            if not any(other.presence_id == self.presence_id for other in pulse().sockets):  # another tab
                self._show_presence(online=False)
