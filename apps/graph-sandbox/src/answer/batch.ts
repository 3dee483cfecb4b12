import { parseJson } from '../serve/http.ts';
import { isVersion } from '../world/host.ts';
import type { GraphRequest } from './call.ts';
import { type Answer, GraphRefusal } from './graph-error.ts';
import { invalidParameter } from './refusals.ts';

/** At most this many items; each counts as a call of its own. */
export const LARGEST_BATCH = 50;

type BatchItem = { readonly method: string; readonly relativeUrl: string; readonly body: string };

/** The items of a `batch` parameter; `null` when it is not a list. */
export function readBatch(text: string): readonly BatchItem[] | null {
	const parsed = parseJson(text);
	if (!Array.isArray(parsed)) return null;
	return parsed.map((item: { method?: unknown; relative_url?: unknown; body?: unknown } | null) => ({
		method: typeof item?.method === 'string' ? item.method.toUpperCase() : 'GET',
		relativeUrl: typeof item?.relative_url === 'string' ? item.relative_url : '',
		body: typeof item?.body === 'string' ? item.body : '',
	}));
}

/**
 * `POST /` with `batch`: answers in the order asked, each with its body as JSON text.
 *
 * @param nullItems leave every third item unanswered, as Meta does when a batch takes too long
 * @throws {GraphRefusal} not a list, empty, or over 50 items
 */
export async function answerBatch(
	request: GraphRequest,
	nullItems: boolean,
	answerItem: (item: GraphRequest) => Promise<Answer>,
): Promise<readonly unknown[]> {
	const items = readBatch(request.params.batch ?? '');
	if (items === null || items.length === 0) throw invalidParameter('param batch must be an array.');
	if (items.length > LARGEST_BATCH) {
		throw new GraphRefusal({
			code: 100,
			type: 'GraphBatchException',
			plain: true,
			message: `Too many requests in batch message. Maximum batch size is ${LARGEST_BATCH}`,
		});
	}
	const withHeaders = request.params.include_headers !== 'false';
	const answers: unknown[] = [];
	for (const [index, item] of items.entries()) {
		if (nullItems && index % 3 === 1) {
			answers.push(null);
			continue;
		}
		const answer = await answerItem(itemRequest(request, item));
		answers.push({
			code: answer.status,
			...(withHeaders
				? { headers: Object.entries(answer.headers ?? {}).map(([name, value]) => ({ name, value })) }
				: {}),
			body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body),
		});
	}
	return answers;
}

function itemRequest(batch: GraphRequest, item: BatchItem): GraphRequest {
	const url = new URL(item.relativeUrl.replace(/^\/*/, '/'), 'http://batch.invalid');
	const parts = url.pathname.split('/').filter((part) => part !== '');
	const version = parts[0] !== undefined && isVersion(parts[0]) ? parts[0] : null;
	// A batch inside a batch is ignored.
	const {
		access_token: ownToken,
		batch: _inner,
		...params
	} = Object.fromEntries([...url.searchParams, ...new URLSearchParams(item.body)]);
	// The envelope's proof is of the envelope's token; an item with a token of its own brings its own proof.
	const proof = ownToken === undefined ? batch.params.appsecret_proof : undefined;
	return {
		...batch,
		method: item.method,
		version: version ?? batch.version,
		path: version === null ? parts : parts.slice(1),
		params: {
			...(proof === undefined ? {} : { appsecret_proof: proof }),
			...params,
		},
		accessToken: ownToken ?? batch.accessToken,
	};
}
