/** Lints texts as if they stood in files of the workspace; reads `[{ file, text }]`, writes the messages of each. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';

const cwd = fileURLToPath(new URL('../../../../', import.meta.url));
const planted = JSON.parse(readFileSync(0, 'utf8'));
const eslint = new ESLint({ cwd });
const answers = [];
for (const { file, text } of planted) {
  const [result] = await eslint.lintText(text, { filePath: `${cwd}${file}` });
  answers.push(result.messages.map(({ ruleId, message, severity }) => ({ ruleId, message, severity })));
}
process.stdout.write(JSON.stringify(answers));
