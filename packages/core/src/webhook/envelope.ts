import { z } from 'zod/v4';

/**
 * The rim of Meta's webhook bodies. Only what is used is named, everything may be missing, and unknown keys stay:
 * what does not fit a schema is kept as an event of its own by `splitEvents`, never refused.
 */
const id = z.union([z.string(), z.number()]).nullish();
const time = z.union([z.number(), z.string()]).nullish();

/** `{ object, entry: [ … ] }`. Documentation prints an array around it; deliveries do not have one. */
export const envelopeSchema = z.object({ object: z.string().nullish(), entry: z.array(z.unknown()).min(1) });

/** One account's share of a body. `time` is when the notification was *sent*, in seconds or milliseconds. */
export const entrySchema = z.object({ id, time });

/** `changes[]`: the Graph fields, and messaging fields in the dashboard's tests. */
export const changeSchema = z.object({ field: z.string().min(1), value: z.unknown() });

/** `messaging[]` and `standby[]`; `timestamp` is in milliseconds, or a text of seconds in the dashboard's tests. */
export const messagingSchema = z.object({ timestamp: time });
