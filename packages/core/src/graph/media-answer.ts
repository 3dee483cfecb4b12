import { z } from 'zod/v4';
import { Paging } from './cursor.ts';
import { Id } from './id.ts';
import { InsightsAnswer } from './insights-answer.ts';

/** Fields of a media as Meta names them, known and unknown; `id` is always a string. */
export type MediaFields = { readonly id: string; readonly [field: string]: unknown };

/** One media of a list. Only what is used is named; every other field is kept as it came. */
export const MediaNode = z.looseObject({
	id: Id,
	/** Missing when none were asked, and when Meta has none for the media. */
	insights: InsightsAnswer.nullish(),
});
export type MediaNode = z.infer<typeof MediaNode>;

/** The answer of `/media`, `/stories` and `/children`. */
export const MediaAnswer = z.object({ data: z.array(MediaNode), paging: Paging });
export type MediaAnswer = z.infer<typeof MediaAnswer>;
