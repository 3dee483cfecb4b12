import type { Request, RequestHandler, Response } from 'express';

/** How much of a body that is refused is read on and thrown away, in limits, and for how long. */
const DISCARDED_LIMITS = 4;
const DISCARD_MS = 5000;

export type BodyLimits = {
	/** largest body */
	readonly limitBytes: number;
	/** most bytes of all bodies that are held at once, read and not yet answered */
	readonly heldBytes: number;
	/** called for each body that is refused: `busy`, it found no room among those held, or lost it */
	readonly onRefused: (reason: 'too-large' | 'busy') => void;
	/** ms, steady. @default the process's own */
	readonly now?: () => number;
};

type Refusal = { readonly status: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> };
const TOO_LARGE: Refusal = { status: 413, text: 'Too large.' };
const FULL: Refusal = { status: 503, text: 'Busy, send again.', headers: { 'retry-after': '5' } };

/** A webhook is small: one event has a few kB. */
const SMALL_BYTES = 64 * 1024;
/** Meta sends a body at once. One that still arrives after this loses its place to one that needs it. */
const SLOW_MS = 1000;

type Upload = { bytes: number; readonly startedAt: number; refuse(refusal: Refusal): void };

/**
 * Read the body as it comes, whatever its content type or encoding: the signature covers the bytes on the wire. Beyond
 * the limit: 413. Anyone can send bodies, and none is known to be Meta's before it is whole; so where all of them
 * together are too much to hold, 503, and Meta sends again. A quarter of the room is for small bodies only, and one that
 * arrives slowly loses its place, so that large or slow ones never shut out the small and quick ones of Meta.
 *
 * Express's own parser would answer 415 for an encoding it does not know, and has a default limit of 100 kB, which a
 * batch of 1,000 updates exceeds.
 *
 * Leaves a Buffer in `request.body`.
 */
export function rawBody({
	limitBytes,
	heldBytes,
	onRefused,
	now = () => performance.now(),
}: BodyLimits): RequestHandler {
	const reserve = Math.max(0, Math.min(heldBytes / 4, heldBytes - limitBytes));
	/** still arriving, in the order they began; why this is an array, see http-server.ts */
	const arriving: Upload[] = [];
	let held = 0;

	function findRoom(upload: Upload, bytes: number): boolean {
		const room = upload.bytes + bytes <= SMALL_BYTES ? heldBytes : heldBytes - reserve;
		while (held + bytes > room) {
			const slow = arriving.find((other) => other !== upload && now() - other.startedAt >= SLOW_MS);
			if (slow === undefined) return false;
			slow.refuse(FULL);
		}
		return true;
	}

	function arrived(upload: Upload): void {
		const index = arriving.indexOf(upload);
		if (index !== -1) arriving.splice(index, 1);
	}

	return (request, response, next) => {
		const chunks: Buffer[] = [];
		let refused = false;
		const release = () => {
			arrived(upload);
			held -= upload.bytes;
			upload.bytes = 0;
		};
		const upload: Upload = {
			bytes: 0,
			startedAt: now(),
			refuse(refusal) {
				refused = true;
				onRefused(refusal === FULL ? 'busy' : 'too-large');
				chunks.length = 0;
				release();
				refuseBody(request, response, { ...refusal, mostBytes: limitBytes * DISCARDED_LIMITS });
			},
		};
		if (Number(request.headers['content-length'] ?? 0) > limitBytes) return upload.refuse(TOO_LARGE);
		arriving.push(upload);
		response.once('close', release);
		request.on('data', (chunk: Buffer) => {
			if (refused) return;
			if (upload.bytes + chunk.length > limitBytes) return upload.refuse(TOO_LARGE);
			if (!findRoom(upload, chunk.length)) return upload.refuse(FULL);
			upload.bytes += chunk.length;
			held += chunk.length;
			chunks.push(chunk);
		});
		request.on('end', () => {
			if (refused) return;
			arrived(upload);
			request.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
			next();
		});
		// The sender went away: there is no one left to answer.
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
	const closeTimer = setTimeout(() => request.socket.destroy(), DISCARD_MS);
	let discarded = 0;
	request.on('data', (chunk: Buffer) => {
		discarded += chunk.length;
		if (discarded > mostBytes) request.socket.destroy();
	});
	request.once('end', end);
	request.once('error', end);
	request.once('close', () => clearTimeout(closeTimer));
	request.resume();
}
