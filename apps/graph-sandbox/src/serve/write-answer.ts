import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../answer/graph-error.ts';
import type { ChosenScenario } from '../scenario/scenario-book.ts';

const SLOW_MS = 3_000;
const HTML_ERROR =
	'<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>';

/** What the status line says when the scenario has its way: 0 for a connection that is reset. */
export function statusSeen(answer: Answer, scenario: ChosenScenario | null): number {
	if (scenario?.scenario.kind !== 'wire') return answer.status;
	if (scenario.scenario.effect === 'reset') return 0;
	return scenario.scenario.effect === 'html' ? htmlStatus(scenario) : answer.status;
}

function htmlStatus(scenario: ChosenScenario | null): number {
	return Number(scenario?.argument ?? 502);
}

/** Write an answer, spoiled on the way as the scenario says. */
export async function writeAnswer(
	response: ServerResponse,
	answer: Answer,
	scenario: ChosenScenario | null,
): Promise<void> {
	const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
	const headers = { 'content-type': 'application/json; charset=UTF-8', ...answer.headers };
	const effect = scenario?.scenario.kind === 'wire' ? scenario.scenario.effect : null;
	switch (effect) {
		case 'reset':
			response.socket?.destroy();
			return;
		case 'cut':
			response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(text) });
			response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy());
			return;
		case 'truncated':
			response.writeHead(200, headers);
			response.end(text.slice(0, Math.ceil(text.length / 2)));
			return;
		case 'html':
			response.writeHead(htmlStatus(scenario), { 'content-type': 'text/html; charset=utf-8' });
			response.end(HTML_ERROR);
			return;
		case 'slow':
			await sleep(Number(scenario?.argument ?? SLOW_MS));
			break;
		case null:
			break;
		default:
			effect satisfies never;
	}
	response.writeHead(answer.status, headers);
	response.end(text);
}
