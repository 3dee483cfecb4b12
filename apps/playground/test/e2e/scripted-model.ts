import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the model answers: a tool call, or its final text. */
export type ModelTurn =
	| { readonly tool: string; readonly args: Readonly<Record<string, unknown>> }
	| { readonly say: string };

/** A turn written beforehand, or made only from the last tool's answer. */
export type ScriptedTurn = ModelTurn | ((answer: string) => ModelTurn);

export type OfferedTool = {
	readonly name: string;
	readonly description: string;
	/** JSON schema. */
	readonly parameters: {
		readonly type: string;
		readonly properties: Readonly<Record<string, { readonly type: string; readonly description: string }>>;
		readonly required?: readonly string[];
	};
};

export type ModelMessage = {
	readonly role: string;
	readonly content: unknown;
	readonly tool_call_id?: string;
};

/** One request for a completion, as received. */
export type ModelRequest = {
	readonly messages: readonly ModelMessage[];
	readonly tools: readonly OfferedTool[];
};

export type ScriptedModel = {
	/** Base URL of a credential for OpenAI. */
	readonly url: string;
	/** Forget earlier requests, and answer the next ones with these turns. */
	play(...turns: ScriptedTurn[]): void;
	requests(): readonly ModelRequest[];
	stop(): Promise<void>;
};

/** Stands in for a language model on loopback: OpenAI's chat completions, with answers written beforehand. */
export async function startScriptedModel(): Promise<ScriptedModel> {
	let turns: ScriptedTurn[] = [];
	let requests: ModelRequest[] = [];
	const server = createServer((request, response) => {
		void answer(request).then(({ status, body }) => {
			response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
		});
	});

	async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
		let text = '';
		for await (const chunk of request) text += chunk;
		if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return refusal(404, 'not here');
		const { messages, tools = [] } = JSON.parse(text) as {
			messages: ModelMessage[];
			tools?: { function: OfferedTool }[];
		};
		requests.push({ messages, tools: tools.map((tool) => tool.function) });
		const turn = turns.shift();
		if (turn === undefined) return refusal(400, 'the script is over');
		const last = messages.findLast(({ role }) => role === 'tool');
		try {
			const made = typeof turn === 'function' ? turn(String(last?.content).replaceAll('\\"', '"')) : turn;
			return { status: 200, body: completion(made, requests.length) };
		} catch (error) {
			return refusal(400, String(error));
		}
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		play(...next) {
			turns = next;
			requests = [];
		},
		requests: () => requests,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function completion(turn: ModelTurn, count: number): unknown {
	const message =
		'say' in turn
			? { role: 'assistant', content: turn.say }
			: {
					role: 'assistant',
					content: null,
					tool_calls: [
						{
							id: `call_${count}`,
							type: 'function',
							function: { name: turn.tool, arguments: JSON.stringify(turn.args) },
						},
					],
				};
	return {
		id: `chatcmpl-${count}`,
		object: 'chat.completion',
		created: 1_764_000_000,
		model: 'scripted',
		choices: [{ index: 0, message, finish_reason: 'say' in turn ? 'stop' : 'tool_calls' }],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

const refusal = (status: number, message: string) => ({
	status,
	body: { error: { message, type: 'invalid_request_error' } },
});
