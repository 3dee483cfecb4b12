import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What the playground put into n8n, so that a second start updates it instead of adding it again. */
export type PlaygroundState = {
	/** Credential type → id. */
	readonly credentials: Readonly<Record<string, string>>;
	/** Example's key → workflow id. */
	readonly workflows: Readonly<Record<string, string>>;
};

export function readState(folder: string): PlaygroundState {
	const file = path.join(folder, 'state.json');
	if (!existsSync(file)) return { credentials: {}, workflows: {} };
	return JSON.parse(readFileSync(file, 'utf8')) as PlaygroundState;
}

export function writeState(folder: string, state: PlaygroundState): void {
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, 'state.json'), `${JSON.stringify(state, null, '\t')}\n`);
}
