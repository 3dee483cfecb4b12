import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything the project's own commands bring or keep, ignored by git. */
export const LOCAL = path.join(ROOT, '.local');

/** Where n8n is installed: made from the manifest and lockfile in `apps/playground/n8n`. */
export const N8N_FOLDER = path.join(LOCAL, 'n8n');

/** What the playground remembers between starts; `--reset` forgets it. `PLAYGROUND_STATE` names another folder. */
const STATE_FOLDER = process.env.PLAYGROUND_STATE ?? path.join(LOCAL, 'playground');

/**
 * The state of one n8n. Each image has its own: an older n8n cannot open the database of a newer one.
 *
 * @param image left out for the pinned n8n
 */
export function stateFolder(image?: string): string {
	return image === undefined ? STATE_FOLDER : path.join(STATE_FOLDER, 'images', image.replace(/[^\w.-]/g, '_'));
}

/** The node package, from its sources. */
export const NODES_PACKAGE = path.join(ROOT, 'packages/n8n-nodes-instagram-insights');
