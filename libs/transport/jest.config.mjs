import preset from '../../jest.preset.mjs';

/** Real sockets on a busy machine take their time; a test that hangs still ends. */
export default { ...preset, displayName: 'transport', testTimeout: 60_000 };
