import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/index.ts';

/** Noon in Los Angeles on Friday 2026-11-20, in winter time. */
export const NOON = new Date('2026-11-20T20:00:00Z');

export type Body = {
	readonly error?: {
		readonly message: string;
		readonly type: string;
		readonly code: number;
		readonly error_subcode?: number;
		readonly error_user_title?: string;
		readonly error_user_msg?: string;
		readonly is_transient?: boolean;
		readonly fbtrace_id: string;
	};
	readonly data?: readonly Insight[];
	readonly paging?: {
		readonly next?: string;
		readonly previous?: string;
		readonly cursors?: { before: string; after: string };
	};
	readonly [key: string]: unknown;
};

export type Insight = {
	readonly id: string;
	readonly name?: string;
	readonly period?: string;
	readonly values?: readonly { readonly value?: unknown; readonly end_time?: string }[];
	readonly total_value?: {
		readonly value?: number;
		readonly breakdowns?: readonly {
			readonly dimension_keys: readonly string[];
			readonly results?: readonly { readonly dimension_values: readonly string[]; readonly value: number }[];
		}[];
	};
	readonly insights?: { readonly data: readonly Insight[] };
	readonly [key: string]: unknown;
};

export type Reply = { readonly status: number; readonly headers: Headers; readonly body: Body; readonly text: string };

export type Asking = {
	readonly token?: string;
	readonly method?: string;
	readonly form?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string>>;
};

/** A clock that stands still until a test moves it. */
export type StillClock = { now: () => Date; set(instant: Date | string): void; pass(ms: number): void };

export function stillClock(start: Date = NOON): StillClock {
	let at = start.getTime();
	return {
		now: () => new Date(at),
		set: (instant) => {
			at = new Date(instant).getTime();
		},
		pass: (ms) => {
			at += ms;
		},
	};
}

/** One sandbox for the tests of a file, started and stopped around them; its clock goes back to noon after each. */
export function sandboxForFile(options: SandboxOptions = {}): {
	readonly clock: StillClock;
	readonly sandbox: () => Sandbox;
	/** `ask('graph.instagram.com/v25.0/me', 'IGAA-sandbox-large')` */
	readonly ask: (path: string, token?: string, asking?: Asking) => Promise<Reply>;
} {
	const clock = stillClock();
	let started: Sandbox | undefined;
	beforeAll(async () => {
		started = await startSandbox({ now: clock.now, ...options });
	});
	afterAll(async () => {
		await started?.stop();
	});
	afterEach(() => {
		clock.set(NOON);
		started?.clearScenarios();
	});
	const sandbox = (): Sandbox => {
		if (started === undefined) throw new Error('the sandbox has not started');
		return started;
	};
	return { clock, sandbox, ask: (path, token, asking) => ask(`${sandbox().url}/${path}`, token, asking) };
}

export async function ask(url: string, token?: string, asking: Asking = {}): Promise<Reply> {
	const response = await fetch(url, {
		method: asking.method ?? (asking.form === undefined ? 'GET' : 'POST'),
		redirect: 'manual',
		headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...asking.headers },
		...(asking.form === undefined ? {} : { body: new URLSearchParams(asking.form) }),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): Body {
	try {
		return JSON.parse(text) as Body;
	} catch {
		return {};
	}
}
