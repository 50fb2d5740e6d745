// Bundles ts/ and css/ into dist/ with content hashes, and records from which sources: `npm ci && npm run build`.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";

const out = process.argv[2] ?? "dist";
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const shared = { bundle: true, minify: true, outdir: out, entryNames: "[name].[hash]", metafile: true, logLevel: "warning", legalComments: "none" };
const style = await build({ ...shared, entryPoints: ["css/site.css"], assetNames: "[name].[hash]", loader: { ".woff2": "file" }, publicPath: "/assets" });
const script = await build({ ...shared, entryPoints: ["ts/site.ts"], format: "iife", target: "es2020" });

const hash8 = file => createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 8);
const files = {};
for (const result of [style, script]) {
  for (const path of Object.keys(result.metafile.outputs)) {
    const name = basename(path);
    files[name.replace(/\.[A-Z0-9]{8}\./, ".")] = name;
  }
}
for (const name of readdirSync("static")) {
  const dot = name.lastIndexOf(".");
  const hashed = `${name.slice(0, dot)}.${hash8(join("static", name))}${name.slice(dot)}`;
  copyFileSync(join("static", name), join(out, hashed));
  files[name] = hashed;
}

// The digest of everything that decides what dist is; a test compares it with the sources.
const sources = ["build.mjs", "package.json", "package-lock.json", ...["css", "static", "ts"].flatMap(folder => readdirSync(folder).map(name => `${folder}/${name}`))].sort();
const digest = createHash("sha256");
for (const source of sources) digest.update(source).update("\0").update(readFileSync(source)).update("\0");

const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(out, "manifest.json"), JSON.stringify({ sources: digest.digest("hex"), files: sorted }, null, 2) + "\n");
