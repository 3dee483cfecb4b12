import { z } from 'zod/v4';
import { flatOrWrapped, Id } from './id.ts';

/**
 * The account node. On graph.instagram.com `user_id` is the id of the professional account and `id` belongs to the
 * app; on graph.facebook.com there is `id` alone. Both are strings. Every other field is kept under Graph's own name;
 * a field the host does not know is missing, without an error (S16).
 */
export const ProfileAnswer = flatOrWrapped(
	z
		.looseObject({ id: Id.optional(), user_id: Id.optional() })
		.refine((profile) => profile.id !== undefined || profile.user_id !== undefined, {
			error: 'neither id nor user_id',
		}),
);
export type ProfileAnswer = z.infer<typeof ProfileAnswer>;

/** The id that other calls take: the professional account's. */
export function accountIdOf(profile: ProfileAnswer): string | undefined {
	return profile.user_id ?? profile.id;
}
