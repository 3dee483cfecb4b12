import { type Sandbox, startSandbox, type WorldOptions } from '@instagram-insights/graph-sandbox';
import type { IDataObject, IHttpRequestOptions, INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { answeredBy, type FakeExecution, type FakeExecutionOptions, runNode } from './fake-execution.mts';

export const LOGINS = ['instagramLogin', 'facebookLogin'] as const;
export type Login = (typeof LOGINS)[number];

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
