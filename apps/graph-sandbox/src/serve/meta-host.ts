import { answerGraph, type GraphSetting, refused } from '../answer/answer-graph.ts';
import { readBatch } from '../answer/batch.ts';
import type { Answer } from '../answer/graph-error.ts';
import { loginPage } from '../answer/login-pages.ts';
import type { ChosenScenario, ScenarioBook } from '../scenario/scenario-book.ts';
import { isHostName } from '../world/host.ts';
import type { RawRequest } from './http.ts';
import type { LoggedRequest } from './request-log.ts';

export type MetaSetting = GraphSetting & { readonly scenarios: ScenarioBook };

/** What one of Meta's hosts says to a request, and the scenario it has met on the way. */
export type MetaAnswer = { readonly answer: Answer; readonly scenario: ChosenScenario | null };

/** @throws {UnknownScenario} the header or the token asks for one that does not exist */
export async function answerMetaHost(setting: MetaSetting, raw: RawRequest): Promise<MetaAnswer> {
	const scenario = chooseScenario(setting, raw);
	const kind = scenario?.scenario.kind === 'change' ? scenario.scenario.change : null;
	if (!isHostName(raw.host)) {
		const answer = loginPage(setting.world, setting.codes, raw, kind === 'wrapped');
		return { answer: answer ?? nothingHere(setting.origin), scenario };
	}
	if (scenario?.scenario.kind === 'refuse') {
		const row = scenario.scenario.row(scenario.argument, raw.params);
		if (row !== null)
			return { answer: refused(setting, { ...raw, host: raw.host }, row, scenario.scenario.headers), scenario };
	}
	const answer = await answerGraph(setting, { ...raw, host: raw.host }, kind);
	return { answer: kind === 'string-codes' ? withTextCode(answer) : answer, scenario };
}

/** What the log keeps of a request. */
export function logEntry(setting: MetaSetting, raw: RawRequest, met: MetaAnswer, status: number): LoggedRequest {
	const { world } = setting;
	const token = raw.accessToken === undefined ? undefined : world.tokens.find(raw.accessToken);
	const batch = raw.path.length === 0 && raw.params.batch !== undefined ? (readBatch(raw.params.batch) ?? []) : [];
	return {
		at: world.now().toISOString(),
		method: raw.method,
		host: raw.host,
		version: raw.version,
		path: `/${raw.path.join('/')}`,
		query: raw.params,
		token: raw.accessToken === undefined ? 'none' : (token?.value ?? 'unknown'),
		tokenFrom: raw.tokenFrom,
		account: token?.accounts.length === 1 ? (token.accounts[0] ?? null) : null,
		metaCalls: isHostName(raw.host) ? Math.max(1, batch.length) : 0,
		scenario: met.scenario?.name ?? null,
		status,
		errorCode: codeOf(met.answer),
		batch: batch.map((item) => item.relativeUrl),
	};
}

function chooseScenario(setting: MetaSetting, raw: RawRequest): ChosenScenario | null {
	const token = raw.accessToken === undefined ? undefined : setting.world.tokens.find(raw.accessToken);
	const ofToken =
		token === undefined || token.scenario === null ? null : { token: token.value, scenario: token.scenario };
	return setting.scenarios.choose({
		host: raw.host,
		account: token?.accounts[0] ?? null,
		path: `/${raw.path.join('/')}`,
		header: raw.headers['x-sandbox-scenario'],
		ofToken,
	});
}

function codeOf(answer: Answer): number | null {
	if (typeof answer.body !== 'object' || answer.body === null || !('error' in answer.body)) return null;
	const { error } = answer.body as { readonly error: { readonly code?: unknown } };
	return error.code === undefined ? null : Number(error.code);
}

function withTextCode(answer: Answer): Answer {
	if (codeOf(answer) === null) return answer;
	const { error } = answer.body as { readonly error: { readonly code: number } };
	return { ...answer, body: { error: { ...error, code: String(error.code) } } };
}

function nothingHere(origin: string): Answer {
	return {
		status: 404,
		headers: { 'content-type': 'text/plain; charset=utf-8' },
		body: `Nothing here. The Graph hosts are ${origin}/graph.instagram.com and ${origin}/graph.facebook.com\n`,
	};
}
