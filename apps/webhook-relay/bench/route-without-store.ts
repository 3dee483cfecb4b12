// The relay's own route, signature check included, whose store keeps nothing: what the answers would cost without
// durability. Prints the port it listens on.
import { createApp } from '../src/relay/app.ts';
import { serveHttp } from '../src/relay/http-server.ts';
import { noTracing } from '../src/trace/no-tracing.ts';

const nothing = { stored: [], duplicates: 0, repeated: [], changed: 0, subscribers: [], commitMs: 0 };
const quiet = () => {};
const app = createApp({
	store: { append: async () => nothing },
	secrets: [{ name: 'instagram', secret: 'fake-ig' }],
	acceptSha1: false,
	verifyToken: 'fake-verify',
	bodyLimitBytes: 5 * 1024 * 1024,
	bodiesHeldBytes: Number.POSITIVE_INFINITY,
	now: Date.now,
	reporter: { handshake: quiet, refused: quiet, accepted: quiet, notStored: quiet },
	tracing: noTracing,
	onStored: quiet,
	operate: [],
	onError: quiet,
});
const { url } = await serveHttp(app, { host: '127.0.0.1', port: 0, maxConnections: 1000 });
process.stdout.write(`"listening" ${url}\n`);
