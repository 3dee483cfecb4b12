import { SCENARIOS, type Scenario } from './scenarios.ts';

/** A scenario set for later requests: all of them, or those that match. */
export type ScenarioRule = {
	/** `name`, `name:argument`, `name*times`, `name:argument*times`. */
	readonly scenario: string;
	/** Only for this host. */
	readonly host?: string;
	/** Only for tokens of this account. */
	readonly account?: string;
	/** Only for paths that contain this. */
	readonly path?: string;
};

/** What a request is matched on. */
export type ScenarioRequest = {
	readonly host: string;
	readonly account: string | null;
	readonly path: string;
	/** The `x-sandbox-scenario` header. */
	readonly header: string | undefined;
	/** What stands after `+` in the token. */
	readonly ofToken: { readonly token: string; readonly scenario: string } | null;
};

export type ChosenScenario = { readonly name: string; readonly argument: string | null; readonly scenario: Scenario };

export type ScenarioBook = {
	/** @throws {UnknownScenario} */
	add(rule: ScenarioRule): void;
	rules(): readonly ScenarioRule[];
	/** Forget all rules and counts. */
	clear(): void;
	/**
	 * The header goes before the token, the token before the rules, an earlier rule before a later one.
	 *
	 * @throws {UnknownScenario}
	 */
	choose(request: ScenarioRequest): ChosenScenario | null;
};

export class UnknownScenario extends Error {
	constructor(name: string) {
		super(`There is no scenario "${name}". Known: ${Object.keys(SCENARIOS).join(', ')}`);
		this.name = 'UnknownScenario';
	}
}

export function createScenarioBook(): ScenarioBook {
	let rules: { readonly rule: ScenarioRule; readonly count: string }[] = [];
	let added = 0;
	/** How often each header, token and rule has been used. */
	const met = new Map<string, number>();
	/** The scenario, unless it has been used as often as allowed. */
	const meet = (text: string, countKey: string): ChosenScenario | null => {
		const { times, ...chosen } = parseScenario(text);
		const before = met.get(countKey) ?? 0;
		if (times !== null && before >= times) return null;
		met.set(countKey, before + 1);
		return chosen;
	};
	return {
		add(rule) {
			parseScenario(String(rule.scenario ?? ''));
			added += 1;
			rules = [...rules, { rule, count: `rule|${added}` }];
		},
		rules: () => rules.map(({ rule }) => rule),
		clear() {
			rules = [];
			met.clear();
		},
		choose(request) {
			if (request.header !== undefined) return meet(request.header, `header|${request.header}`);
			if (request.ofToken !== null) {
				const chosen = meet(request.ofToken.scenario, `token|${request.ofToken.token}`);
				if (chosen !== null) return chosen;
			}
			for (const { rule, count } of rules) {
				if (rule.host !== undefined && rule.host !== request.host) continue;
				if (rule.account !== undefined && rule.account !== request.account) continue;
				if (rule.path !== undefined && !request.path.includes(rule.path)) continue;
				const chosen = meet(rule.scenario, count);
				if (chosen !== null) return chosen;
			}
			return null;
		},
	};
}

/** @throws {UnknownScenario} */
function parseScenario(text: string): ChosenScenario & { readonly times: number | null } {
	const parts = /^([a-z0-9-]+)(?::([^*]+))?(?:\*(\d+))?$/.exec(text.trim());
	const name = parts?.[1] ?? text;
	const scenario = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
	if (scenario === undefined) throw new UnknownScenario(name);
	return { name, argument: parts?.[2] ?? null, scenario, times: parts?.[3] === undefined ? null : Number(parts[3]) };
}
