import { expect, test } from '@jest/globals';
import { released } from '../build/changelog.js';

const day = new Date('2026-03-01T12:00:00Z');

test('what is unreleased gets a version and a date, and what comes next a section of its own', () => {
  const before = '# Changelog\n\n## Unreleased\n\n- One\n\n## 0.1.0 (2026-01-01)\n\n- Zero\n';
  expect(released(before, '0.2.0', day)).toBe(
    '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-03-01)\n\n- One\n\n## 0.1.0 (2026-01-01)\n\n- Zero\n',
  );
});

test.each([['# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- Zero\n'], ['# Changelog\n']])(
  'nothing is released without a word about it: %j',
  (text) => {
    expect(() => released(text, '0.2.0', day)).toThrow('CHANGELOG.md has nothing under "## Unreleased"');
  },
);
