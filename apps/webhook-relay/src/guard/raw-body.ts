import type { Request, RequestHandler, Response } from 'express';

/** How much of a body that is refused is read on and thrown away, in limits, and for how long. */
const DISCARDED_LIMITS = 4;
const DISCARD_MS = 5000;

export type BodyLimits = {
	/** largest body */
	readonly limitBytes: number;
	/** most bytes of all bodies that are held at once, read and not yet answered */
	readonly heldBytes: number;
	/** a body found no room among those held */
	readonly onFull: () => void;
};

type Refusal = { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> };
const TOO_LARGE: Refusal = { status: 413, text: 'Too large.' };
const FULL: Refusal = { status: 503, text: 'Busy, send again.', headers: { 'retry-after': '5' } };

/**
 * Read the body as it comes, whatever its content type or encoding: the signature covers the bytes on the wire. Beyond
 * the limit: 413. Anyone can send bodies, and none is known to be Meta's before it is whole; so where all of them
 * together are too much to hold, 503, and Meta sends again.
 *
 * Express's own parser would answer 415 for an encoding it does not know, and has a default limit of 100 kB, which a
 * batch of 1,000 updates exceeds.
 *
 * Leaves a Buffer in `request.body`.
 */
export function rawBody({ limitBytes, heldBytes, onFull }: BodyLimits): RequestHandler {
	let held = 0;
	return (request, response, next) => {
		const chunks: Buffer[] = [];
		let length = 0;
		let refused = false;
		const release = () => {
			held -= length;
			length = 0;
		};
		const refuse = (refusal: Refusal) => {
			refused = true;
			chunks.length = 0;
			release();
			refuseBody(request, response, { ...refusal, mostBytes: limitBytes * DISCARDED_LIMITS });
		};
		if (Number(request.headers['content-length'] ?? 0) > limitBytes) return refuse(TOO_LARGE);
		response.once('close', release);
		request.on('data', (chunk: Buffer) => {
			if (refused) return;
			if (length + chunk.length > limitBytes) return refuse(TOO_LARGE);
			if (held + chunk.length > heldBytes) {
				onFull();
				return refuse(FULL);
			}
			length += chunk.length;
			held += chunk.length;
			chunks.push(chunk);
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
function refuseBody(
	request: Request,
	response: Response,
	{ status, text, headers, mostBytes }: Refusal & { readonly mostBytes: number },
): void {
	const length = { 'content-type': 'text/plain', 'content-length': text.length };
	response.writeHead(status, { ...length, connection: 'close', ...headers });
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
