// A receiver for Meta's webhooks: answers the handshake, verifies the signature, prints each event.
// Meta needs a public HTTPS address in front of it. For production, use the webhook relay: it stores each event before it answers.
// Run: node --env-file=.env webhook-receiver.ts
import { createServer } from 'node:http';
import { answerHandshake, eventKey, splitEvents, verifySignature } from '@instagram-insights/core/webhook';

const { META_VERIFY_TOKEN: verifyToken, META_APP_SECRET: secret = '', PORT: port = '8080' } = process.env;
const LARGEST_BODY = 3 * 1024 * 1024;
const seen = new Set<string>();

const server = createServer(async (request, response) => {
	if (request.method === 'GET') {
		const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
		const { status, body } = answerHandshake(Object.fromEntries(searchParams), verifyToken);
		return response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
	}
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		bytes += chunk.length;
		if (bytes > LARGEST_BODY) return response.writeHead(413, { connection: 'close' }).end();
		chunks.push(chunk);
	}
	const body = Buffer.concat(chunks);
	const signature256 = request.headers['x-hub-signature-256']?.toString();
	const verdict = verifySignature({ body, signature256, secrets: [{ name: 'app', secret }] });
	if (!verdict.valid) {
		console.error(`Refused a request: ${verdict.reason}`);
		return response.writeHead(401).end();
	}
	const split = splitEvents(body.toString('utf8'));
	if (split.kind === 'unreadable') console.error(`Cannot read a webhook: ${split.reason}`);
	for (const event of split.kind === 'events' ? split.events : []) {
		// Meta sends an event again when an answer gets lost. A sample has no key.
		const { key } = eventKey(event);
		if (key !== null && seen.has(key)) continue;
		if (key !== null) seen.add(key);
		console.log(event.accountId, event.field, event.valueText);
	}
	return response.writeHead(200).end();
});

server.listen(Number(port), '127.0.0.1', () => {
	const address = server.address();
	console.log(`Listening on http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`);
});
