import { HOSTS } from '../../catalog/host.ts';
import type { GraphResponse, VersionedRequest } from '../../graph/graph-request.ts';
import type { Clock, Transport } from '../ports.ts';
import { BatchAnswer } from './batch.ts';

type SendOptions = { signal?: AbortSignal | undefined };
type Waiting = {
	readonly request: VersionedRequest;
	readonly options: SendOptions | undefined;
	readonly resolve: (response: GraphResponse | Promise<GraphResponse>) => void;
	readonly reject: (error: unknown) => void;
};

/** How long concurrent reads wait for each other. */
const GATHER_MS = 1;
/** A page of media with nested insights is heavy work for Meta, so a batch holds fewer of them. */
const HEAVY_PER_BATCH = 10;

/**
 * A transport that sends reads to one host that start at the same moment as one batch, if the host takes batches. It is
 * for questions about many accounts at once: each question works as if it were alone. Meta counts each item as a call.
 *
 * An item that the batch left unanswered is sent again by itself. If the batch is refused as a whole, each item gets that
 * refusal.
 */
export function withBatching(transport: Transport, clock: Pick<Clock, 'sleep'>): Transport {
	const gathered = new Map<string, Waiting[]>();

	function gather(key: string, waiting: Waiting): void {
		const together = gathered.get(key);
		if (together) {
			together.push(waiting);
			return;
		}
		const first = [waiting];
		gathered.set(key, first);
		clock.sleep(GATHER_MS).then(
			() => {
				gathered.delete(key);
				for (const chunk of chunksOf(first)) void sendTogether(chunk, transport);
			},
			(error: unknown) => {
				gathered.delete(key);
				for (const { reject } of first) reject(error);
			},
		);
	}

	return {
		send(request, options) {
			if (request.method !== 'GET' || HOSTS[request.host].batchMaxItems === null)
				return transport.send(request, options);
			return new Promise((resolve, reject) => {
				gather(`${request.host} ${request.version}`, { request, options, resolve, reject });
			});
		},
	};
}

function chunksOf(all: readonly Waiting[]): Waiting[][] {
	const [heavy, light] = [all.filter(isHeavy), all.filter((waiting) => !isHeavy(waiting))];
	const most = HOSTS[all[0]?.request.host ?? 'graph.facebook.com'].batchMaxItems ?? 1;
	return [...cut(light, most), ...cut(heavy, Math.min(most, HEAVY_PER_BATCH))];
}

function isHeavy({ request }: Waiting): boolean {
	return /\/(media|stories)$/.test(request.path) && (request.query.fields ?? '').includes('insights.');
}

function cut(list: readonly Waiting[], size: number): Waiting[][] {
	return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
		list.slice(index * size, (index + 1) * size),
	);
}

async function sendTogether(chunk: readonly Waiting[], transport: Transport): Promise<void> {
	const [first] = chunk;
	if (first === undefined) return;
	if (chunk.length === 1) return first.resolve(transport.send(first.request, first.options));
	const batch = chunk.map(({ request: { path, query } }) => ({
		method: 'GET',
		relative_url: `${path.slice(1)}?${new URLSearchParams(query)}`,
	}));
	try {
		const post = {
			...first.request,
			method: 'POST',
			path: '/',
			query: {},
			body: { batch: JSON.stringify(batch) },
		} as const;
		const answer = await transport.send(post, first.options);
		const items = readItems(answer);
		for (const [index, { request, options, resolve }] of chunk.entries()) {
			resolve(items === null ? answer : (items[index] ?? transport.send(request, options)));
		}
	} catch (error) {
		for (const { reject } of chunk) reject(error);
	}
}

/** The items of a batch's answer; null if it is anything else, such as a refusal of the whole batch. */
function readItems({ status, text }: GraphResponse): BatchAnswer | null {
	if (status >= 400) return null;
	try {
		const read = BatchAnswer.safeParse(JSON.parse(text));
		return read.success ? read.data : null;
	} catch {
		return null;
	}
}
