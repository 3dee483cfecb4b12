import { z } from 'zod/v4';
import { flatOrWrapped, Id } from './id.ts';
import { MediaAnswer } from './media-answer.ts';

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

/** Another professional account, inside the answer of the account that looks: its public fields, and its media where asked. */
export const DiscoveryAnswer = z.object({
	business_discovery: z.looseObject({ id: Id, username: z.string().nullish(), media: MediaAnswer.nullish() }),
});
export type DiscoveryAnswer = z.infer<typeof DiscoveryAnswer>;
