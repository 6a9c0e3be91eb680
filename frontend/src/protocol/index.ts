// Every frame that crosses a socket. Generated from chat/protocol.py by `manage.py protocol`; do not edit.

export type FrameId = number | string;
export type CommandFrame = { readonly id: FrameId; readonly type: string; readonly data?: unknown };
export type ReplyFrame<T = unknown> =
  | { readonly id: FrameId; readonly ok: true; readonly data: T }
  | { readonly id: FrameId | null; readonly ok: false; readonly error: WireError };
export type PushFrame = { readonly type: string; readonly data: unknown };

export const FRAME_BYTES = 65536;
export const FRAME_BYTES_HARD = 1048576;
export const TEXT_CHARS = 4000;
export const RATE_PER_SECOND = 20;
export const RATE_BURST = 60;
export const JOIN_PAGE = 200;
export const HEARTBEAT_S = 15;
export const CLOSE_GOING_AWAY = 4012;
export const CLOSE_TOO_BIG = 4009;
export const CLOSE_SILENT = 4408;
export const CLOSE_FLOOD = 4429;
export const CLOSE_SLOW = 4413;
export const CLOSE_UNAUTHENTICATED = 4401;

export type ErrorCode =
  | "bad_json"
  | "binary_frame"
  | "frame_too_large"
  | "bad_frame"
  | "unknown_type"
  | "unknown_field"
  | "missing_field"
  | "bad_value"
  | "empty_text"
  | "text_too_long"
  | "bad_email"
  | "bad_text"
  | "rate_limited"
  | "busy"
  | "session_required"
  | "session_already_open"
  | "unknown_site"
  | "origin_not_allowed"
  | "bad_token"
  | "token_expired"
  | "bad_identity"
  | "identity_expired"
  | "unauthenticated"
  | "not_found"
  | "seq_from_future"
  | "client_id_reused"
  | "conversation_closed"
  | "forbidden"
  | "not_assigned"
  | "already_taken"
  | "illegal_transition"
  | "unavailable"
  | "internal";

export type AuthorKind =
  | "customer"
  | "bot"
  | "agent"
  | "system";

export type ConversationState =
  | "bot"
  | "queued"
  | "offered"
  | "assigned"
  | "callback"
  | "closed";

export type OwnerKind =
  | "bot"
  | "queue"
  | "agent"
  | "callback";

export type Availability =
  | "available"
  | "away";

export type ListView =
  | "queue"
  | "mine"
  | "callbacks"
  | "open"
  | "closed";

export type HandoffScore =
  | "right"
  | "too_late"
  | "needless";

export type HandoffReason =
  | "asked"
  | "policy"
  | "bot_failed"
  | "bot_silent"
  | "human_only"
  | "governor";

export interface AddNote {
  readonly conversation_id: string;
  /** matches ^[A-Za-z0-9_-]{8,64}$ */
  readonly client_id: string;
  readonly text: string;
  readonly whisper?: boolean;
}

export interface AgentCard {
  readonly id: number;
  readonly name: string;
}

export interface AgentSession {
  readonly me: Self;
  readonly offers: readonly DeskConversation[];
  readonly teams: readonly TeamCard[];
  /** That some agent has: who a conversation can be transferred to. */
  readonly skills: readonly string[];
  readonly colleagues: readonly Colleague[];
  readonly heartbeat_s: number;
  readonly text_chars: number;
}

/** Where answers go that the customer is not there to read. */
export interface AnswerByMail {
  /** at least 3 characters; at most 254 characters */
  readonly email: string;
}

export interface Author {
  readonly kind: AuthorKind;
  readonly id: string | null;
  readonly name: string;
}

/** One thing the bot did before it gave up. */
export interface BotAttempt {
  readonly seq: number;
  readonly action: string;
  readonly text: string;
  readonly sources: readonly Source[];
}

export interface Changed {
  readonly conversation: Conversation;
}

export interface Close {
  readonly conversation_id: string;
  /** at most 500 characters */
  readonly resolution?: string;
}

export interface Colleague {
  readonly id: number;
  readonly name: string;
  readonly online: boolean;
  readonly availability: Availability;
  readonly availability_reason: string;
  readonly load: number;
  readonly capacity: number;
}

/** What a customer may know. Whole, with `version`: an older version than the one held is ignored. */
export interface Conversation {
  readonly id: string;
  readonly version: number;
  readonly state: ConversationState;
  readonly agent: AgentCard | null;
  readonly last_seq: number;
  readonly customer_read_seq: number;
  readonly agent_read_seq: number;
  readonly place: QueuePlace | null;
  readonly callback_due: string | null;
  /** Answers that the customer does not read here are also mailed there. */
  readonly mail_to: string | null;
  readonly score: number | null;
  readonly opened_at: string;
  readonly closed_at: string | null;
}

export interface ConversationChanged {
  readonly conversation: Conversation;
}

export interface ConversationList {
  readonly items: readonly DeskConversation[];
  readonly cursor: string | null;
  /** How many conversations each view holds. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface CustomerCard {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly verified: boolean;
  readonly online: boolean;
  readonly locale: string;
  readonly page: string;
}

export interface CustomerSession {
  /** Keep it; never put it in a URL. The next session.open sends it again. */
  readonly token: string;
  readonly customer: string;
  readonly verified: boolean;
  readonly site: Site;
  /** The open one, else the latest closed one, else null. */
  readonly conversation: Conversation | null;
  readonly heartbeat_s: number;
  readonly text_chars: number;
}

export interface Decline {
  readonly conversation_id: string;
  /** at most 500 characters */
  readonly reason?: string;
}

export interface DeskChanged {
  readonly conversation: DeskConversation;
}

/** What an agent may know. */
export interface DeskConversation {
  readonly id: string;
  readonly version: number;
  readonly state: ConversationState;
  readonly agent: AgentCard | null;
  readonly last_seq: number;
  readonly customer_read_seq: number;
  readonly agent_read_seq: number;
  readonly place: QueuePlace | null;
  readonly callback_due: string | null;
  /** Answers that the customer does not read here are also mailed there. */
  readonly mail_to: string | null;
  readonly score: number | null;
  readonly opened_at: string;
  readonly closed_at: string | null;
  readonly inbox: string;
  readonly customer: CustomerCard;
  readonly owner: OwnerKind | null;
  readonly deadline: string | null;
  readonly priority: number;
  readonly waiting_since: string | null;
  /** The order of the queue, earliest first: `waiting_since` less a minute for each point of priority. */
  readonly place_at: string | null;
  readonly language: string;
  readonly preview: string;
  readonly last_author: AuthorKind | null;
  readonly last_message_at: string;
  readonly handoff: Handoff | null;
  readonly offer: Offer | null;
  /** The agent, the team or the skills that it waits for; empty: whom it suits. */
  readonly waits_for: string;
  /** Supervisors who take part: they may write beside the assignee. */
  readonly beside: readonly AgentCard[];
  /** Answers up to here were mailed; 0 for none. */
  readonly mailed_seq: number;
  /** Why the last letter did not arrive; empty if it did. */
  readonly mail_problem: string;
}

export interface DeskConversationChanged {
  readonly conversation: DeskConversation;
}

export interface DeskJoined {
  readonly conversation: DeskConversation;
  readonly messages: readonly Message[];
  readonly notes: readonly Note[];
  readonly has_more: boolean;
}

export type Empty = Record<string, never>;

export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retry_after_ms?: number | null;
}

export interface GoingAway {
  readonly retry_after_ms: number;
}

/** The packet an agent reads first, so that no customer repeats himself. */
export interface Handoff {
  readonly id: number;
  readonly packet_version: number;
  readonly reason: HandoffReason;
  /** In words, e.g. `asked for a person (en)`. */
  readonly why: string;
  readonly intent: string | null;
  readonly confidence: number | null;
  readonly summary: string;
  readonly attempts: readonly BotAttempt[];
  readonly fields: Readonly<Record<string, string>>;
  readonly promises: readonly string[];
  readonly language: string;
  readonly frustration: number;
  readonly need: Need;
  readonly policy_version: string;
  readonly model_version: string;
  readonly requested_at: string;
  readonly score: HandoffScore | null;
}

export interface Join {
  readonly conversation_id: string;
  /** at least 0; at most 2147483647 */
  readonly after_seq?: number;
}

export interface Joined {
  readonly conversation: Conversation;
  readonly messages: readonly Message[];
  readonly has_more: boolean;
}

export interface ListConversations {
  readonly view: ListView;
  /** at most 200 characters */
  readonly cursor?: string | null;
}

/** One entry of a conversation's timeline; `seq` starts at 1 and has no gaps. */
export interface Message {
  readonly conversation_id: string;
  readonly seq: number;
  readonly client_id: string;
  readonly author: Author;
  readonly text: string;
  /** For system messages: a stable code, so that a client can translate. */
  readonly notice: string | null;
  readonly sources: readonly Source[];
  readonly posted_at: string;
}

/** What a conversation asks of the agent who takes it. */
export interface Need {
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  readonly team_id: number | null;
  /** 0 is normal; a higher number goes first. */
  readonly priority: number;
}

/** Seen by agents only; stands after message `after_seq`. */
export interface Note {
  readonly id: number;
  readonly conversation_id: string;
  readonly after_seq: number;
  readonly client_id: string;
  readonly author: Author;
  readonly text: string;
  /** A supervisor's, for the assignee. */
  readonly whisper: boolean;
  readonly posted_at: string;
}

export interface Noted {
  readonly note: Note;
}

export interface OfConversation {
  readonly conversation_id: string;
}

export interface Offer {
  readonly agent_id: number;
  readonly offered_at: string;
  readonly expires_at: string;
  readonly why: string;
}

export interface OfferMade {
  readonly conversation: DeskConversation;
}

export interface OfferWithdrawn {
  readonly conversation_id: string;
  readonly agent_id: number;
  readonly reason: "accepted" | "declined" | "expired" | "cancelled";
}

export interface OpenAgentSession {
  /** An API token; browsers use the session cookie instead.; at most 512 characters */
  readonly token?: string | null;
}

export interface OpenCustomerSession {
  /** at least 1 characters; at most 64 characters */
  readonly site_key: string;
  /** at most 512 characters */
  readonly token?: string | null;
  /** A JWT (HS256) signed by the merchant with the inbox's identity secret.; at most 4096 characters */
  readonly identity?: string | null;
  /** at most 20 characters; matches ^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$ */
  readonly locale?: string | null;
  /** at most 2000 characters */
  readonly page?: string | null;
}

/** `last_seq` lets a client find out that a push was lost: joined conversation id -> its last seq. */
export interface Pong {
  readonly last_seq: Readonly<Record<string, number>>;
}

/** A customer's message goes to the customer's one open conversation; without one, it opens one. */
export interface PostToBotOrAgent {
  /** matches ^[A-Za-z0-9_-]{8,64}$ */
  readonly client_id: string;
  readonly text: string;
}

export interface PostToCustomer {
  readonly conversation_id: string;
  /** matches ^[A-Za-z0-9_-]{8,64}$ */
  readonly client_id: string;
  readonly text: string;
}

/** The message is committed. */
export interface Posted {
  readonly conversation_id: string;
  readonly client_id: string;
  readonly seq: number;
  readonly posted_at: string;
}

/** A customer's (to agents) or an agent's (to colleagues) presence. */
export interface PresenceChanged {
  readonly kind: "customer" | "agent";
  readonly id: string;
  readonly online: boolean;
  readonly availability?: Availability | null;
  readonly availability_reason?: string | null;
  readonly load?: number | null;
}

/** Nobody has the conversation, and a person was promised by `due`. */
export interface PromiseAtRisk {
  readonly conversation_id: string;
  readonly customer: string;
  readonly due: string;
}

export interface QueueMoved {
  readonly conversation_id: string;
  readonly position: number;
  readonly wait_s: WaitRange | null;
}

export interface QueuePlace {
  /** 1 is next. */
  readonly position: number;
  /** Null where nobody who suits is there: say no number then. */
  readonly wait_s: WaitRange | null;
}

export interface Rate {
  /** at least 1; at most 5 */
  readonly score: number;
  /** at most 1000 characters */
  readonly comment?: string;
}

/** Of `judged` who asked for a person today, only `met` had one within `target_s`: below `target_percent`. */
export interface ReachFell {
  readonly inbox: string;
  readonly met: number;
  readonly judged: number;
  readonly target_s: number;
  readonly target_percent: number;
}

export interface Read {
  /** at least 0; at most 2147483647 */
  readonly seq: number;
}

/** The highest seq a side has seen; applying twice is harmless. */
export interface ReadChanged {
  readonly conversation_id: string;
  readonly reader: "customer" | "agent";
  readonly seq: number;
}

export interface ReadIn {
  readonly conversation_id: string;
  /** at least 0; at most 2147483647 */
  readonly seq: number;
}

export interface ReturnToBot {
  readonly conversation_id: string;
  /** at most 500 characters */
  readonly reason?: string;
}

export interface ScoreHandoff {
  readonly conversation_id: string;
  readonly score: HandoffScore;
}

/** The signed-in agent. */
export interface Self {
  readonly id: number;
  readonly name: string;
  readonly role: "agent" | "supervisor" | "admin";
  readonly availability: Availability;
  readonly availability_reason: string;
  readonly capacity: number;
  readonly load: number;
  /** May take a conversation out of the queue by `conversation.pick`. */
  readonly may_pick: boolean;
}

export interface SetAvailability {
  readonly availability: Availability;
  /** at most 500 characters */
  readonly reason?: string;
}

export interface SetTyping {
  readonly typing: boolean;
}

export interface SetTypingIn {
  readonly conversation_id: string;
  readonly typing: boolean;
}

/** What the widget needs to know of the inbox behind its site key. */
export interface Site {
  readonly name: string;
  readonly greeting: string;
  readonly color: string;
  readonly locale: string;
  readonly is_open: boolean;
  readonly agents_online: boolean;
  /** A person within this time; where the wait is longer, a date is offered. */
  readonly target_s: number;
}

/** Where a bot's answer comes from. */
export interface Source {
  readonly article_id: number;
  readonly title: string;
  readonly url: string;
}

export interface TeamCard {
  readonly id: number;
  readonly name: string;
}

/** To exactly one of an agent, a team or a skill. */
export interface Transfer {
  readonly conversation_id: string;
  /** at least 1; at most 2147483647 */
  readonly agent_id?: number | null;
  /** at least 1; at most 2147483647 */
  readonly team_id?: number | null;
  /** matches ^[-a-zA-Z0-9_]{1,60}$ */
  readonly skill?: string | null;
  /** at most 500 characters */
  readonly note?: string;
}

export interface TypingChanged {
  readonly conversation_id: string;
  readonly author: Author;
  readonly typing: boolean;
}

/** Seconds until a person is expected. */
export interface WaitRange {
  readonly low: number;
  readonly high: number;
}

/** What may be sent on /ws/customer/ and what it answers. */
export interface CustomerCommands {
  /** First command of every socket. A customer is anonymous unless `identity` says otherwise. */
  "session.open": { data: OpenCustomerSession; reply: CustomerSession };
  /** Signs the customer out: the token is revoked and refused from then on. */
  "session.end": { data: Empty; reply: Empty };
  /** The timeline after `after_seq`, one page; from then on its pushes arrive. */
  "conversation.join": { data: Join; reply: Joined };
  /** Always works: hands the conversation (opened if need be) to a person. */
  "conversation.request_human": { data: Empty; reply: Changed };
  /** Ends the conversation. */
  "conversation.close": { data: Empty; reply: Changed };
  /** Leaves the queue for a date by which a person gets back, as the customer wishes. */
  "conversation.take_callback": { data: Empty; reply: Changed };
  /** Answers that the customer is not there to read are also mailed to this address. */
  "conversation.answer_by_mail": { data: AnswerByMail; reply: Changed };
  /** A score of 1 to 5 for the latest conversation; sent again, it replaces the first. */
  "conversation.rate": { data: Rate; reply: Changed };
  /** `ok` means committed. Safe to send again with the same `client_id`. */
  "message.post": { data: PostToBotOrAgent; reply: Posted };
  /** Everything up to `seq` has been seen. */
  "message.read": { data: Read; reply: Empty };
  /** Shown to the other side for a few seconds. */
  "typing.set": { data: SetTyping; reply: Empty };
  /** Are you there? As a command it is answered; as a push, answer with a `ping` command. */
  "ping": { data: Empty; reply: Pong };
}

/** What /ws/customer/ pushes. */
export interface CustomerPushes {
  /** A new message. A `seq` that is not the next one means: join again. */
  "message.posted": Message;
  /** A whole snapshot; ignore it if its `version` is older than the one held. */
  "conversation.changed": ConversationChanged;
  /** The customer's place and expected wait. */
  "queue.moved": QueueMoved;
  /** The other side types or stopped. */
  "typing.changed": TypingChanged;
  /** The other side has read up to `seq`. */
  "read.changed": ReadChanged;
  /** Pushes may have been lost: join again with `after_seq`. */
  "resync": Empty;
  /** Are you there? As a command it is answered; as a push, answer with a `ping` command. */
  "ping": Empty;
  /** The server is about to close; connect again after `retry_after_ms`. */
  "going_away": GoingAway;
}

/** What may be sent on /ws/agent/ and what it answers. */
export interface AgentCommands {
  /** First command of every socket. A customer is anonymous unless `identity` says otherwise. */
  "session.open": { data: OpenAgentSession; reply: AgentSession };
  /** Whether this agent is offered conversations. */
  "availability.set": { data: SetAvailability; reply: AgentSession };
  /** One page of a view, oldest wait first for the queue, latest message first elsewhere. */
  "conversation.list": { data: ListConversations; reply: ConversationList };
  /** The timeline after `after_seq`, one page; from then on its pushes arrive. */
  "conversation.join": { data: Join; reply: DeskJoined };
  /** Stops the pushes of a joined conversation. */
  "conversation.leave": { data: OfConversation; reply: Empty };
  /** Takes the conversation that was offered to this agent. */
  "conversation.accept": { data: OfConversation; reply: DeskChanged };
  /** Passes the offer on to the next agent. */
  "conversation.decline": { data: Decline; reply: Empty };
  /** Puts an assigned conversation back into the queue, in its old place. */
  "conversation.release": { data: OfConversation; reply: DeskChanged };
  /** An agent takes a conversation out of the callbacks. */
  "conversation.take_up": { data: OfConversation; reply: DeskChanged };
  /** An agent who may takes a conversation out of the queue, instead of waiting for an offer. */
  "conversation.pick": { data: OfConversation; reply: DeskChanged };
  /** Hands the conversation to another agent, team or skill, with a note for them. */
  "conversation.transfer": { data: Transfer; reply: DeskChanged };
  /** A supervisor takes part: may write beside the assignee, who keeps the conversation. */
  "conversation.step_in": { data: OfConversation; reply: DeskChanged };
  /** Takes part no more. */
  "conversation.step_out": { data: OfConversation; reply: DeskChanged };
  /** A supervisor takes the conversation from its assignee. */
  "conversation.take_over": { data: OfConversation; reply: DeskChanged };
  /** Gives the conversation back to the bot. */
  "conversation.return_to_bot": { data: ReturnToBot; reply: DeskChanged };
  /** Ends the conversation. */
  "conversation.close": { data: Close; reply: DeskChanged };
  /** A note that only agents see; `whisper`: a supervisor's to the assignee, told at once. */
  "conversation.note": { data: AddNote; reply: Noted };
  /** `ok` means committed. Safe to send again with the same `client_id`. */
  "message.post": { data: PostToCustomer; reply: Posted };
  /** Everything up to `seq` has been seen. */
  "message.read": { data: ReadIn; reply: Empty };
  /** Shown to the other side for a few seconds. */
  "typing.set": { data: SetTypingIn; reply: Empty };
  /** Was handing over right, too late, or needless? */
  "handoff.score": { data: ScoreHandoff; reply: DeskChanged };
  /** Are you there? As a command it is answered; as a push, answer with a `ping` command. */
  "ping": { data: Empty; reply: Pong };
}

/** What /ws/agent/ pushes. */
export interface AgentPushes {
  /** A new message. A `seq` that is not the next one means: join again. */
  "message.posted": Message;
  /** A new note. */
  "note.posted": Note;
  /** A whole snapshot; ignore it if its `version` is older than the one held. */
  "conversation.changed": DeskConversationChanged;
  /** A conversation is offered to this agent until `offer.expires_at`. */
  "offer.made": OfferMade;
  /** The offer is over. */
  "offer.withdrawn": OfferWithdrawn;
  /** The other side types or stopped. */
  "typing.changed": TypingChanged;
  /** The other side has read up to `seq`. */
  "read.changed": ReadChanged;
  /** A promised date comes near: somebody should take the conversation. */
  "promise.at_risk": PromiseAtRisk;
  /** Too few of today's customers had a person in time; told once a day and inbox. */
  "reach.fell": ReachFell;
  /** Somebody came or went. */
  "presence.changed": PresenceChanged;
  /** Pushes may have been lost: join again with `after_seq`. */
  "resync": Empty;
  /** Are you there? As a command it is answered; as a push, answer with a `ping` command. */
  "ping": Empty;
  /** The server is about to close; connect again after `retry_after_ms`. */
  "going_away": GoingAway;
}
