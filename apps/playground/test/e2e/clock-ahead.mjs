// Loaded before a program (`node --import`): sets its clock ahead by the milliseconds that the file CLOCK_AHEAD_FILE holds.
// It reads the file each time the program reads the clock, so days can pass while the program runs.
import { openSync, readSync } from 'node:fs';

const file = openSync(process.env.CLOCK_AHEAD_FILE ?? '', 'r');
const digits = Buffer.alloc(20);
const aheadMs = () => Number(digits.toString('latin1', 0, readSync(file, digits, 0, digits.length, 0)));
const RealDate = Date;
// Kept separately: a program may store `Date.now` and restore it later.
const realNow = Date.now;
const now = () => realNow() + aheadMs();

globalThis.Date = new Proxy(RealDate, {
	construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
	apply: () => new RealDate(now()).toString(),
	get: (target, member) => (member === 'now' ? now : Reflect.get(target, member)),
});
