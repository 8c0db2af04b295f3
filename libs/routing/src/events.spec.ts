import { describe, expect, jest, test } from '@jest/globals';
import { Emitter } from './events.js';

describe('events', () => {
  test('reach every listener of their kind until it stops listening', () => {
    const events = new Emitter();
    const heard: string[] = [];
    const stop = events.on('breaker-closed', ({ service }) => heard.push(`first ${service}`));
    events.on('breaker-closed', ({ service }) => heard.push(`second ${service}`));
    events.emit['breaker-closed']?.({ service: 'a', operation: 'o' });
    stop();
    events.emit['breaker-closed']?.({ service: 'b', operation: 'o' });
    expect(heard).toEqual(['first a', 'second a', 'second b']);
  });

  test('are not even built when nobody listens', () => {
    const events = new Emitter();
    const build = jest.fn(() => ({ service: 'a', operation: 'o' }));
    events.emit['breaker-closed']?.(build());
    events.on('breaker-closed', () => undefined)();
    events.emit['breaker-closed']?.(build());
    expect(build).not.toHaveBeenCalled();
  });

  test('go on when a listener throws, which becomes a process warning', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const events = new Emitter();
    const heard = jest.fn();
    events.on('panic-over', () => {
      throw new Error('a defect in a listener');
    });
    events.on('panic-over', heard);
    events.emit['panic-over']?.({ service: 'a' });
    expect(heard).toHaveBeenCalledTimes(1);
    expect(warn).toHaveBeenCalledWith(expect.objectContaining({ message: 'a defect in a listener' }));
    warn.mockRestore();
  });
});
