import type { Request, RequestHandler, Response } from 'express';

/** How much of a body that is refused is read on and thrown away, in limits, and for how long. */
const DISCARDED_LIMITS = 4;
const DISCARD_MS = 5000;

/**
 * Read the body as it comes, whatever its content type or encoding: the signature covers the bytes on the wire. Beyond
 * the limit: 413.
 *
 * Express's own parser would answer 415 for an encoding it does not know, and has a default limit of 100 kB, which a
 * batch of 1,000 updates exceeds.
 *
 * Leaves a Buffer in `request.body`.
 */
export function rawBody(limitBytes: number): RequestHandler {
	return (request, response, next) => {
		const chunks: Buffer[] = [];
		let length = 0;
		let refused = false;
		const refuse = () => {
			refused = true;
			chunks.length = 0;
			refuseTooLarge(request, response, limitBytes * DISCARDED_LIMITS);
		};
		if (Number(request.headers['content-length'] ?? 0) > limitBytes) return refuse();
		request.on('data', (chunk: Buffer) => {
			if (refused) return;
			length += chunk.length;
			if (length > limitBytes) refuse();
			else chunks.push(chunk);
		});
		request.on('end', () => {
			if (refused) return;
			request.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
			next();
		});
		// The sender went away: nobody is left to answer.
		request.on('error', () => {});
	};
}

/**
 * Answer at once, then read on for a while: a connection that is closed under a sender shows it a broken pipe in place of
 * the answer.
 */
function refuseTooLarge(request: Request, response: Response, mostBytes: number): void {
	const text = 'Too large.';
	response.writeHead(413, { 'content-type': 'text/plain', 'content-length': text.length, connection: 'close' });
	response.write(text);
	const end = () => response.end();
	const impatience = setTimeout(() => request.socket.destroy(), DISCARD_MS);
	let discarded = 0;
	request.on('data', (chunk: Buffer) => {
		discarded += chunk.length;
		if (discarded > mostBytes) request.socket.destroy();
	});
	request.once('end', end);
	request.once('error', end);
	request.once('close', () => clearTimeout(impatience));
	request.resume();
}
