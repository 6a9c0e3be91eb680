// English: the complete set; its shape is what every other language must fill.

export interface Words {
  readonly chat: string;
  readonly close: string;
  readonly endChat: string;
  readonly endAsk: string;
  readonly keepChatting: string;
  readonly newMessages: string;
  readonly timeline: string;
  readonly write: string;
  readonly send: string;
  readonly charactersLeft: (n: number) => string;
  readonly tooLong: (n: number) => string;
  readonly talkToPerson: string;
  readonly personComing: string;
  readonly personHere: string;
  readonly askedOffline: string;
  readonly withAssistant: string;
  readonly withAgent: (name: string) => string;
  readonly askAnything: string;
  readonly away: string;
  readonly queued: string;
  readonly place: (n: number) => string;
  readonly wait: (low: number, high: number) => string;
  readonly waitHours: (low: number, high: number) => string;
  readonly waitShort: string;
  readonly nobodyThere: string;
  readonly callback: (when: string) => string;
  readonly ended: string;
  readonly you: string;
  readonly assistant: string;
  readonly sources: string;
  readonly typing: (name: string) => string;
  readonly sending: string;
  readonly waitingToSend: string;
  readonly sent: string;
  readonly seen: string;
  readonly notSent: (why: string) => string;
  readonly tryAgain: string;
  readonly remove: string;
  readonly why: Readonly<Record<"stale" | "tooLong" | "closed" | "other", string>>;
  readonly today: string;
  readonly yesterday: string;
  readonly connecting: string;
  readonly unreachable: string;
  readonly offline: string;
  readonly limited: string;
  readonly refused: string;
  readonly wrongSite: string;
  readonly problem: string;
  readonly rate: string;
  readonly scores: readonly [string, string, string, string, string];
  readonly comment: string;
  readonly sendComment: string;
  readonly thanks: string;
  readonly writeAgain: string;
  readonly callbackAsk: string;
  readonly mailAsk: string;
  readonly mailTo: (address: string) => string;
  readonly mailChange: string;
  readonly mailLabel: string;
  readonly mailYes: string;
  readonly mailNo: string;
  readonly mailBad: string;
  readonly mailEnough: string;
  readonly notices: Readonly<Record<string, (name: string, when: string) => string>>;
}

export const en: Words = {
  chat: "Chat",
  close: "Close chat window",
  endChat: "End chat",
  endAsk: "End this conversation?",
  keepChatting: "Keep chatting",
  newMessages: "New messages",
  timeline: "Conversation",
  write: "Write a message…",
  send: "Send",
  charactersLeft: (n) => `${n} characters left`,
  tooLong: (n) => `${n} characters too many. Please split your message.`,
  talkToPerson: "Talk to a person",
  personComing: "Requested",
  personHere: "Connected",
  askedOffline: "We will ask for a person as soon as you are back online.",
  withAssistant: "You are chatting with our assistant",
  withAgent: (name) => `You are talking to ${name}`,
  askAnything: "Ask us anything",
  away: "We are away now; leave a message and we will get back to you.",
  queued: "We are getting a person for you",
  place: (n) => (n === 1 ? "You are next in the queue" : `You are number ${n} in the queue`),
  wait: (low, high) => (low === high ? `about ${high} min` : `about ${low}–${high} min`),
  waitHours: (low, high) => (low === high ? `about ${high} h` : `about ${low}–${high} h`),
  waitShort: "less than a minute",
  nobodyThere: "nobody is available right now",
  callback: (when) => `We will get back to you here by ${when}`,
  ended: "This conversation has ended",
  you: "You",
  assistant: "Assistant",
  sources: "Sources",
  typing: (name) => `${name} is typing`,
  sending: "Sending…",
  waitingToSend: "Will be sent when you are back online",
  sent: "Sent",
  seen: "Seen",
  notSent: (why) => `Not sent. ${why}`,
  tryAgain: "Try again",
  remove: "Delete",
  why: {
    stale: "This was written a while ago. Send it now?",
    tooLong: "The message is too long. Delete it and send shorter ones.",
    closed: "The conversation has ended. Try again to start a new one.",
    other: "Something went wrong on our side.",
  },
  today: "Today",
  yesterday: "Yesterday",
  connecting: "Connecting…",
  unreachable: "We cannot reach the chat just now. Trying again…",
  offline: "You are offline; messages will be sent when you are back.",
  limited: "Limited connection: answers may take a few seconds.",
  refused: "The chat could not be opened. Reload the page to try again.",
  wrongSite: "The chat is not set up for this page. Please contact the shop in another way.",
  problem: "That did not work. Please try again in a moment.",
  rate: "How did we do?",
  scores: ["Very bad", "Bad", "Okay", "Good", "Very good"],
  comment: "What could be better? (optional)",
  sendComment: "Send comment",
  thanks: "Thank you for your feedback.",
  writeAgain: "Write below to go on.",
  callbackAsk: "Get back to me later",
  mailAsk: "Answer me by e-mail",
  mailTo: (address) => `Answers also go to ${address}`,
  mailChange: "Change",
  mailLabel: "Your e-mail address",
  mailYes: "Answer me there",
  mailNo: "Cancel",
  mailBad: "We cannot write to this address. Please check it.",
  mailEnough: "You have left several addresses today. Please go on here.",
  notices: {
    handoff_requested: () => "We are getting a person for you. You keep your place if you leave this page.",
    agent_joined: (name) => `${name} has joined the conversation.`,
    agent_left: (name) => `${name} has left the conversation.`,
    agent_lost: (name) => `${name} lost the connection. You are back in line, in your old place.`,
    no_reply_yet: () => "Sorry for the wait. You are back in line, in your old place, for the next free person.",
    returned_to_bot: () => "Our assistant is with you again. You can ask for a person at any time.",
    still_waiting: () => "Thank you for waiting. You are still in line and keep your place.",
    callback_chosen: (_, when) => `We will get back to you here by ${when}. You can ask for a person at any time.`,
    answer_by_mail: () => "If you leave this page, our answer also comes to you by e-mail.",
    letter_cut: () => "Not all of the letter is here: attachments and very long texts are left out.",
    conversation_reopened: () => "This conversation is open again.",
  },
};
