// The relay's own route whose store keeps nothing: what the answers cost without durability. Without an argument it checks
// the signature only; with `split` it also splits the body into events, which the relay does whatever its store is. Prints
// the port it listens on.
import { plainApp, serveHttp } from '../src/guard/http-server.ts';
import { rawBody } from '../src/guard/raw-body.ts';
import { readReceipt } from '../src/relay/event.ts';
import { receiveRoutes } from '../src/relay/receive.ts';

const splits = process.argv.includes('split');
const routes = receiveRoutes({
	store: {
		async append(receipt) {
			const events = splits ? readReceipt(receipt) : [];
			const stored = events.map((event) => ({ ...event, eventId: '' }));
			return { stored, duplicates: 0, repeated: [], changed: 0, subscribers: [], commitMs: 0 };
		},
	},
	secrets: [{ name: 'instagram', secret: 'fake-ig' }],
	...{ acceptSha1: false, verifyToken: 'fake-verify', observer: { see: () => {} }, now: Date.now },
	readBody: [rawBody({ limitBytes: 5 * 1024 * 1024, heldBytes: Number.POSITIVE_INFINITY, onRefused: () => {} })],
});
const app = plainApp([routes], '', () => {});
const { url } = await serveHttp(app, { host: '127.0.0.1', port: 0, maxConnections: 1000 });
process.stdout.write(`"listening" ${url}\n`);
