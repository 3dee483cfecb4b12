import { z } from 'zod/v4';
import { subscribersFileSchema } from './subscriber.ts';

/** The subscribers file as a JSON schema, for editors: name it under `$schema` in the file. */
export function subscribersJsonSchema(): object {
	const schema = z.toJSONSchema(subscribersFileSchema, { io: 'input', target: 'draft-7' });
	return {
		...schema,
		$id: 'https://unpkg.com/@instagram-insights/webhook-relay/subscribers.schema.json',
		title: 'Subscribers of the Instagram webhook relay',
	};
}
