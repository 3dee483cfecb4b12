// The relay's own route, signature check included, whose store keeps nothing: what the answers would cost without
// durability. Prints the port it listens on.
import express from 'express';
import { serveHttp } from '../src/guard/http-server.ts';
import { rawBody } from '../src/guard/raw-body.ts';
import { receiveRoutes } from '../src/relay/receive.ts';

const nothing = { stored: [], duplicates: 0, repeated: [], changed: 0, subscribers: [], commitMs: 0 };
const app = express().use(
	receiveRoutes({
		store: { append: async () => nothing },
		secrets: [{ name: 'instagram', secret: 'fake-ig' }],
		...{ acceptSha1: false, verifyToken: 'fake-verify', observer: { see: () => {} }, now: Date.now },
		readBody: [rawBody({ limitBytes: 5 * 1024 * 1024, heldBytes: Number.POSITIVE_INFINITY, onFull: () => {} })],
	}),
);
const { url } = await serveHttp(app, { host: '127.0.0.1', port: 0, maxConnections: 1000 });
process.stdout.write(`"listening" ${url}\n`);
