// node build.js: the editor as one file, and the licences of what is in it, beside the stylesheet of the site.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, '..', 'server', 'static');
const { metafile, outputFiles } = await build({
  absWorkingDir: here, entryPoints: ['src/query.js'], bundle: true, minify: true, format: 'esm', target: 'es2022',
  charset: 'utf8', legalComments: 'inline', metafile: true, write: false, outfile: 'query.js',
});

// Packages without a legal comment in their code are in it all the same: the file names each, with its licence.
const packages = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const inner = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (inner) packages.add(inner[1]);
}
const texts = [...packages].sort().map(name => {
  const folder = join(here, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find(found => /^licen[cs]e/i.test(found));
  if (!license || !file) throw new Error(`${name} states no licence: it cannot be passed on`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
});
writeFileSync(join(out, 'THIRDPARTY.txt'), `In query.js are:\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`);
writeFileSync(join(out, 'query.js'), outputFiles[0].contents);
console.log(`query.js: ${outputFiles[0].contents.length} bytes, ${packages.size} packages`);
