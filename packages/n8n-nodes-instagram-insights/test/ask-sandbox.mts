import { addDays, pacificDay } from '@instagram-insights/core/internal';
import { type Sandbox, startSandbox, type WorldOptions } from '@instagram-insights/graph-sandbox';
import type { IDataObject, IHttpRequestOptions, INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Operation } from '../nodes/InstagramInsights/actions/operation.ts';
import { RESOURCES } from '../nodes/InstagramInsights/actions/resources.ts';
import { answeredBy, type FakeExecution, type FakeExecutionOptions, runNode } from './fake-execution.mts';

export const LOGINS = ['instagramLogin', 'facebookLogin'] as const;
export type Login = (typeof LOGINS)[number];

/** Every operation of the node. */
export const OPERATIONS = RESOURCES.flatMap(({ value: resource, operations }) =>
	operations.map((row) => ({ resource, operation: row.value, row })),
);

/** Whether an operation works with a login: its description says so where it works with Facebook Login only. */
export function worksWith(login: Login, { description }: Pick<Operation, 'description'>): boolean {
	return login === 'facebookLogin' || !description.endsWith('Facebook Login only.');
}

/** A week that Meta has worked out in full, as date parameters. */
export function week() {
	const until = addDays(pacificDay(new Date()), -7);
	return { dateRange: 'custom', since: addDays(until, -6), until };
}

type Ask = Omit<Partial<FakeExecutionOptions>, 'items'> & {
	/** What stands behind `IGAA-sandbox-` and `EAA-sandbox-`. */
	readonly token?: string;
	/** Requests that Meta refuses for want of a permission. */
	readonly refuse?: (request: IHttpRequestOptions) => boolean;
};

export type Asked = FakeExecution & {
	readonly items: Awaited<ReturnType<typeof runNode>>['items'];
	readonly rows: IDataObject[];
	readonly httpRequests: number;
};

/** A sandbox for the tests of a file, and the node asking it. */
export function useSandbox(world: WorldOptions = {}): {
	sandbox: () => Sandbox;
	/** The account that the tokens stand for unless another one is named. */
	bakery: () => ReturnType<Sandbox['world']['account']>;
	/** Its columns in front of a row. */
	owner: () => { readonly account_id: string; readonly username: string };
	/** What an operation requires: a post or story of the account, or the username of another one; null: the account has none. */
	required: (resource: string, operation: Operation, account?: string) => INodeParameters | null;
	ask: (login: Login, parameters: INodeParameters | INodeParameters[], options?: Ask) => Promise<Asked>;
} {
	let running: Sandbox;
	beforeAll(async () => {
		running = await startSandbox({ world });
	});
	afterAll(() => running.stop());
	beforeEach(() => running.resetRequests());
	return {
		sandbox: () => running,
		bakery: () => running.world.account('bakery'),
		owner: () => ({ account_id: running.world.account('bakery').id, username: 'casa.canela.bakery' }),
		required(resource, { fields }, key = 'bakery') {
			const names = fields.filter(({ required }) => required).map(({ name }) => name);
			const account = running.world.account(key);
			const [media] = resource === 'story' ? account.stories() : account.media();
			if (names.includes('media') && media === undefined) return null;
			return {
				...(names.includes('media') ? { media: { __rl: true, mode: 'id', value: media?.id ?? '' } } : {}),
				...(names.includes('username') ? { username: 'northwind.trails' } : {}),
			};
		},
		async ask(login, parameters, { token = 'bakery', refuse = () => false, ...options } = {}) {
			const { answer, credentials } = answeredBy(running, {
				instagram: `IGAA-sandbox-${token}`,
				facebook: `EAA-sandbox-${token}`,
			});
			const list = Array.isArray(parameters) ? parameters : [parameters];
			const items = list.map((item) => ({ authentication: login, ...item }));
			const refusal = { code: 200, type: 'OAuthException', message: '(#200) Permissions error' };
			const refusing: typeof answer = async (request) =>
				refuse(request)
					? { statusCode: 403, headers: {}, body: JSON.stringify({ error: refusal }) }
					: await answer(request);
			const execution = await runNode({ answer: refusing, credentials, ...options, items });
			const rows = execution.items.map(({ json }) => json);
			return { ...execution, rows, httpRequests: execution.requests.length };
		},
	};
}
