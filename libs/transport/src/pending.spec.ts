import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { TransportError } from './errors.js';
import { PendingTable, type ReplyHandler } from './pending.js';

const handler = (missed: ReplyHandler['missed'] = () => undefined): ReplyHandler => ({
  arrived: () => undefined,
  missed,
});

describe('PendingTable', () => {
  test('holds what a map would hold, whatever comes and goes, and never gives an id twice', () => {
    const step = fc.oneof(
      fc.record({ does: fc.constant('add' as const), size: fc.nat(100) }),
      fc.record({ does: fc.constant('take' as const), which: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
        const table = new PendingTable();
        const model = new Map<number, { handler: ReplyHandler; size: number }>();
        let last = 0;
        for (const each of steps) {
          if (each.does === 'add') {
            const id = table.nextId();
            expect(id).toBeGreaterThan(last);
            last = id;
            const added = { handler: handler(), size: each.size };
            model.set(id, added);
            table.add(id, added.handler, { size: each.size, deadline: Infinity, frame: id });
          } else {
            const id = each.which % (last + 2);
            expect(table.take(id)).toBe(model.get(id)?.handler);
            model.delete(id);
          }
        }
        for (let id = 0; id <= last + 1; id++) expect(table.get(id)).toBe(model.get(id)?.handler);
        expect(table.count).toBe(model.size);
        expect(table.size).toBe([...model.values()].reduce((sum, { size }) => sum + size, 0));
      }),
    );
  });

  test('keeps a request that waits while a hundred thousand others come and go', () => {
    const table = new PendingTable();
    const patient = table.nextId();
    const kept = handler();
    table.add(patient, kept, { size: 1, deadline: Infinity, frame: 1 });
    for (let round = 0; round < 100_000; round++) {
      const id = table.nextId();
      table.add(id, handler(), { size: 1, deadline: Infinity, frame: 1 });
      expect(table.take(id)).toBeDefined();
    }
    expect(table.take(patient)).toBe(kept);
  });

  test.each([0, -1, 0.5, 1e300, Number.NaN, Infinity])('has nothing under %p', (id) => {
    const table = new PendingTable();
    table.nextId();
    expect([table.get(id), table.take(id), table.wasGiven(id)]).toEqual([undefined, undefined, false]);
  });

  test('tells which are late, and when the next one is', () => {
    const table = new PendingTable();
    for (const deadline of [30, 10, 20]) {
      table.add(table.nextId(), handler(), { size: 1, deadline, frame: 1 });
    }
    const late: number[] = [];
    expect(table.sweep(20, (id) => late.push(id))).toBe(30);
    expect(late.sort()).toEqual([2, 3]);
  });

  test('fails all in the order of their making, each with its own error', () => {
    const table = new PendingTable();
    const told: string[] = [];
    for (let frame = 1; frame <= 100; frame++) {
      const missed = handler(({ message }) => told.push(message));
      table.add(table.nextId(), missed, { size: 1, deadline: Infinity, frame });
    }
    table.failAll((frame) => new TransportError('transport.closed', `frame ${frame}`));
    expect(told).toEqual(Array.from({ length: 100 }, (_, index) => `frame ${index + 1}`));
    expect([table.count, table.size]).toEqual([0, 0]);
  });
});
