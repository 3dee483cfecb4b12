import { parseArgs } from 'node:util';
import { SetupError } from '../../../scripts/bootstrap/setup-error.mjs';

export type StartOptions = {
	readonly port: number;
	readonly sandboxPort: number;
	readonly relayPort: number;
	readonly reset: boolean;
};

export const START_HELP = `npm start                 the playground: sandbox, n8n, example workflows
npm start -- --port 5680  n8n on another port (default 5678)
npm start -- --reset      forget workflows, credentials and runs of the playground, and begin anew

SANDBOX_PORT=8789 npm start   the sandbox on another port (default 8788)
RELAY_PORT=8786 npm start     the webhook relay on another port (default 8787)`;

/** @throws {SetupError} an argument that is not understood, in one sentence */
export function readStartOptions(argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions | 'help' {
	let values: { port?: string | undefined; reset?: boolean | undefined; help?: boolean | undefined };
	try {
		({ values } = parseArgs({
			args: [...argv],
			options: { port: { type: 'string' }, reset: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
		}));
	} catch (error) {
		throw new SetupError(`${error instanceof Error ? error.message.split('.')[0] : error}. Known are:\n${START_HELP}`);
	}
	if (values.help === true) return 'help';
	return {
		port: readPort(values.port ?? '5678', '--port'),
		sandboxPort: readPort(env.SANDBOX_PORT ?? '8788', 'SANDBOX_PORT'),
		relayPort: readPort(env.RELAY_PORT ?? '8787', 'RELAY_PORT'),
		reset: values.reset === true,
	};
}

function readPort(text: string, name: string): number {
	const port = Number(text);
	if (text.trim() !== '' && Number.isInteger(port) && port > 0 && port < 65_536) return port;
	throw new SetupError(`${name} takes a port number from 1 to 65535, not "${text}".`);
}
