import { HOSTS, type HostName } from '../world/host.ts';
import type { World } from '../world/world.ts';
import type { Call, NestedRule } from './call.ts';
import { checkToken } from './check-token.ts';
import { type Answer, errorAnswer, GraphRefusal, type RefusalRow } from './graph-error.ts';
import { idsRetired } from './refusals.ts';
import { routeCall } from './route-call.ts';
import { servedVersion } from './version.ts';

/** A request to one of the Graph hosts, or one item of a batch. */
export type GraphRequest = {
	readonly host: HostName;
	readonly method: string;
	readonly version: string | null;
	readonly path: readonly string[];
	readonly params: Readonly<Record<string, string>>;
	readonly accessToken: string | undefined;
};

export type GraphSetting = {
	readonly world: World;
	/** `http://127.0.0.1:8788`, for links in answers. */
	readonly origin: string;
	readonly nested: Readonly<Record<HostName, NestedRule>>;
	/** A new trace id for each error. */
	readonly traceId: () => string;
};

/** Answer as the host would; a refusal is an answer too. */
export function answerGraph(setting: GraphSetting, request: GraphRequest): Answer {
	const version = servedVersion(request.version, setting.world.now());
	const headers = { 'facebook-api-version': version };
	try {
		return { status: 200, headers, body: answerOrRefuse(setting, request, version) };
	} catch (refusal) {
		if (!(refusal instanceof GraphRefusal)) throw refusal;
		return refused(setting, request.host, refusal.row, headers);
	}
}

function answerOrRefuse(setting: GraphSetting, request: GraphRequest, version: string): unknown {
	if (request.params.ids !== undefined) throw idsRetired();
	const { world } = setting;
	const token = checkToken(world, request.host, request.accessToken, request.params.appsecret_proof);
	const call: Call = {
		world,
		host: request.host,
		method: request.method,
		version,
		path: request.path,
		params: request.params,
		token,
		baseUrl: `${setting.origin}/${request.host}`,
		nested: setting.nested[request.host],
	};
	return routeCall(call);
}

function refused(
	setting: GraphSetting,
	host: HostName,
	row: RefusalRow,
	headers: Readonly<Record<string, string>>,
): Answer {
	const answer = errorAnswer(host, row, setting.traceId());
	return {
		...answer,
		headers: row.code === 190 ? { ...headers, 'www-authenticate': wwwAuthenticate(host, row) } : headers,
	};
}

function wwwAuthenticate(host: HostName, row: RefusalRow): string {
	return `OAuth "Facebook Platform" "invalid_token" "${row.message}" ${HOSTS[host].errorType}`;
}
