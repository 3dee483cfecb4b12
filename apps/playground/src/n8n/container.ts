import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { SetupError } from '../../../../scripts/install/install.mjs';

const run = promisify(execFile);

const ENGINES = ['docker', 'podman'] as const;
export type Engine = (typeof ENGINES)[number];

/** A container image of n8n, and the engine that has it. */
export type N8nImage = { readonly engine: Engine; readonly ref: string };

/** Where the container finds the folder that n8n keeps its database, key and community packages in. */
const USER_FOLDER = '/data';
const REMOVE_LIMIT_MS = 10_000;

/**
 * Make an image ready to run with the first engine that answers.
 *
 * @param ref as engines take it, such as `docker.io/n8nio/n8n:3.0.0`; fetched unless the engine has it
 * @throws {SetupError} no engine answers, or the image cannot be fetched
 */
export async function prepareImage(ref: string): Promise<N8nImage> {
	const engine = await findEngine();
	const isThere = await run(engine, ['image', 'inspect', ref]).then(
		() => true,
		() => false,
	);
	if (!isThere) {
		console.log(`Fetching ${ref} with ${engine}`);
		await run(engine, ['pull', ref], { maxBuffer: 32 * 1024 * 1024 }).catch((error: unknown) => {
			throw new SetupError(
				`${engine} could not fetch ${ref}: ${lastWords(error)}\nCheck the image's name and the network, or run npm start without --image.`,
			);
		});
	}
	return { engine, ref };
}

async function findEngine(): Promise<Engine> {
	const silent: string[] = [];
	for (const engine of ENGINES) {
		try {
			// Asks the engine itself: Docker's command may be there while its service is not.
			await run(engine, ['info']);
			return engine;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ENOENT') silent.push(`${engine}: ${lastWords(error)}`);
		}
	}
	throw new SetupError(
		silent.length > 0
			? `--image needs a container engine, and none answers:\n${silent.join('\n')}\nStart it, or run npm start without --image.`
			: '--image needs Docker or Podman, and neither is installed. Install one, or run npm start without --image.',
	);
}

/**
 * The command that runs n8n in a container until the command ends. The container shares the network of this machine, so that n8n stays
 * on loopback and reaches the sandbox there; its files belong to the user who runs the command.
 *
 * @param options `env` are n8n's settings, as for an n8n outside a container
 */
export function containerCommand(options: {
	image: N8nImage;
	name: string;
	userFolder: string;
	env: Readonly<Record<string, string>>;
}): string[] {
	const { image, name, userFolder } = options;
	// The engine would create a missing folder as root.
	mkdirSync(userFolder, { recursive: true });
	const env = { ...options.env, N8N_USER_FOLDER: USER_FOLDER, HOME: USER_FOLDER };
	const uid = process.getuid?.();
	const user = uid === undefined ? [] : ['--user', `${uid}:${process.getgid?.()}`];
	// Rootless Podman maps users; this user stays itself.
	if (image.engine === 'podman' && uid !== 0) user.push('--userns', 'keep-id');
	return [
		image.engine,
		'run',
		'--rm',
		'--name',
		name,
		'--network',
		'host',
		...user,
		'--volume',
		`${userFolder}:${USER_FOLDER}:z`,
		...Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
		image.ref,
		'start',
	];
}

/** End a container that may run: one whose command was killed goes on without it. */
export function removeContainer(engine: Engine, name: string): void {
	try {
		execFileSync(engine, ['rm', '--force', name], { stdio: 'ignore', timeout: REMOVE_LIMIT_MS });
	} catch {
		// There is none: Podman and older versions of Docker call that a failure.
	}
}

function lastWords(error: unknown): string {
	const { stderr = '', message = '' } = error as { stderr?: string; message?: string };
	return (stderr.trim() || message).split('\n').at(-1) ?? '';
}
