import { parseArgs } from 'node:util';
import { SetupError } from '../../../scripts/install/install.mjs';

export type StartOptions = {
	readonly port: number;
	readonly sandboxPort: number;
	readonly relayPort: number;
	readonly reset: boolean;
	/** Container image of n8n to use instead of the pinned one. */
	readonly image?: string;
	/** While it runs: build the nodes and run tests again when sources change. */
	readonly watch?: true;
};

export const START_HELP = `npm start                 the playground: sandbox, n8n, example workflows
npm start -- --port 5680  n8n on another port (default 5678)
npm start -- --reset      delete the playground's workflows, credentials and runs, and start over
npm start -- --image docker.io/n8nio/n8n:latest
                          n8n from a container image, with Docker or Podman
npm run dev               the same; each change rebuilds the nodes in n8n and runs the tests it concerns

SANDBOX_PORT=8789 npm start   the sandbox on another port (default 8788)
RELAY_PORT=8786 npm start     the webhook relay on another port (default 8787)`;

/** @throws {SetupError} an argument that is not understood, in one sentence */
export function readStartOptions(argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions | 'help' {
	let values: {
		port?: string | undefined;
		image?: string | undefined;
		reset?: boolean | undefined;
		watch?: boolean | undefined;
		help?: boolean | undefined;
	};
	try {
		({ values } = parseArgs({
			args: [...argv],
			options: {
				port: { type: 'string' },
				image: { type: 'string' },
				reset: { type: 'boolean' },
				watch: { type: 'boolean' },
				help: { type: 'boolean', short: 'h' },
			},
		}));
	} catch (error) {
		throw new SetupError(
			`${error instanceof Error ? error.message.split('.')[0] : error}. Known options:\n${START_HELP}`,
		);
	}
	if (values.help === true) return 'help';
	if (values.image !== undefined && !/^[\w][\w./:@-]*$/.test(values.image)) {
		throw new SetupError(`--image takes an image such as docker.io/n8nio/n8n:latest, not "${values.image}".`);
	}
	return {
		port: readPort(values.port ?? '5678', '--port'),
		sandboxPort: readPort(env.SANDBOX_PORT ?? '8788', 'SANDBOX_PORT'),
		relayPort: readPort(env.RELAY_PORT ?? '8787', 'RELAY_PORT'),
		reset: values.reset === true,
		...(values.image !== undefined && { image: values.image }),
		...(values.watch === true && { watch: true }),
	};
}

function readPort(text: string, name: string): number {
	const port = Number(text);
	if (text.trim() !== '' && Number.isInteger(port) && port > 0 && port < 65_536) return port;
	throw new SetupError(`${name} takes a port number from 1 to 65535, not "${text}".`);
}
