export type { NestedRule } from './answer/call.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './app.ts';
export type { Counts, LoggedRequest } from './serve/request-log.ts';
export type { Account, AccountOptions, MediaPlan, StoryPlan } from './world/account.ts';
export type { BreakdownRow } from './world/account-range.ts';
export type { AccountTruth } from './world/account-truth.ts';
export type { Media, NewMedia } from './world/media.ts';
export { APPS } from './world/token.ts';
export type { World, WorldOptions } from './world/world.ts';
