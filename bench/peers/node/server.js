// The same relay on Node: a `ws` server, one row a message over a pool of 16, Redis pub/sub between processes.
import pg from "pg";
import { createClient } from "redis";
import { WebSocketServer } from "ws";

const database = new URL(process.env.DATABASE_URL.replace("@/", "@localhost/")); // a URL needs a host, a folder is none
const redis = process.env.REDIS_URL.startsWith("unix://")
  ? { socket: { path: process.env.REDIS_URL.slice("unix://".length) } }
  : { url: process.env.REDIS_URL };

const pool = new pg.Pool({
  host: database.searchParams.get("host") ?? database.hostname,
  port: Number(database.port) || 5432,
  user: decodeURIComponent(database.username),
  password: decodeURIComponent(database.password),
  database: database.pathname.slice(1),
  max: 16,
});
await pool.query(`CREATE TABLE IF NOT EXISTS node_message (
  id bigserial PRIMARY KEY, chat text NOT NULL, author text NOT NULL, client_id text NOT NULL, text text NOT NULL,
  posted_at timestamptz NOT NULL DEFAULT now())`);
await pool.query("CREATE INDEX IF NOT EXISTS node_message_chat ON node_message (chat)");
const INSERT = {
  name: "post",
  text: "INSERT INTO node_message (chat, author, client_id, text) VALUES ($1, $2, $3, $4) RETURNING id, posted_at",
};

const publisher = await createClient(redis).connect();
const subscriber = await createClient(redis).connect();
const chats = new Map();

function hear(message, channel) {
  for (const socket of chats.get(channel) ?? []) socket.send(message);
}

async function join(channel, socket) {
  const sockets = chats.get(channel);
  if (sockets) return void sockets.add(socket);
  chats.set(channel, new Set([socket]));
  await subscriber.subscribe(channel, hear);
}

async function leave(channel, socket) {
  const sockets = chats.get(channel);
  sockets.delete(socket);
  if (sockets.size > 0) return;
  chats.delete(channel);
  await subscriber.unsubscribe(channel);
}

async function post(socket, chat, author, frame) {
  const { id, data } = JSON.parse(frame);
  const { rows } = await pool.query({ ...INSERT, values: [chat, author, data.client_id, data.text] });
  const stored = { client_id: data.client_id, seq: rows[0].id, posted_at: rows[0].posted_at };
  const message = JSON.stringify({ type: "message.posted", data: { ...stored, author, text: data.text } });
  socket.send(JSON.stringify({ id, ok: true, data: stored }));
  await publisher.publish(`chat:${chat}`, message);
}

new WebSocketServer({ host: "127.0.0.1", port: Number(process.env.PORT) }).on("connection", async (socket, request) => {
  const [, , chat, author] = request.url.split("/");
  socket.on("message", (frame) => post(socket, chat, author, frame));
  socket.on("close", () => leave(`chat:${chat}`, socket));
  await join(`chat:${chat}`, socket);
});
