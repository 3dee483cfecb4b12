import type { RequestHandler } from 'express';

/**
 * Read the body as it comes, whatever its content type or encoding: the signature covers the bytes on the wire. Beyond
 * the limit: 413 and the connection ends, so that the rest is not read.
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
			// Not read on: the answer ends the connection, whatever is still to come.
			request.pause();
			response.set('connection', 'close').status(413).type('text/plain').end('Too large.');
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
