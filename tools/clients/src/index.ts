export { documentFile } from './document.js';
export { filesOf } from './make.js';
export { clientFolder, packageFiles, type Files, type PackageOptions } from './package-files.js';
