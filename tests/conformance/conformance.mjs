// Asks the emulator or AWS the questions in experiments/ and compares what each answered.
//
//   ./run [--only ID,...]            asks the emulator; fails where it differs from observed/emulator.json
//   ./run --write [--only ID,...]    asks the emulator and rewrites observed/emulator.json
//   ./run --aws [--only ID,...]      asks AWS, writes observed/aws.json, prints where the emulator differs from it
//   ./run --list                     names the experiments and their questions
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { aws } from './lib/aws.mjs';
import { differences, table } from './lib/comparison.mjs';
import { emulator } from './lib/emulator.mjs';
import { Fixture } from './lib/fixture.mjs';

/** Experiments that take longer on AWS run there with --slow only. */
const slowMinutes = 15;

const usage = `usage: ./run [--only ID,...] [--list]
       ./run --write [--only ID,...]
       ./run --aws [--slow] [--yes] [--only ID,...]

  --only ID,...  only these experiments
  --list         name the experiments, do nothing
  --write        rewrite observed/emulator.json with what the emulator does now
  --aws          ask AWS instead of the emulator; credentials and region as the SDK finds them
  --slow         with --aws: those that take more than ${slowMinutes} minutes, too
  --yes          with --aws: do not ask before beginning`;

async function main() {
  const options = read(process.argv.slice(2));
  const all = await experiments();
  const chosen = options.only ? options.only.split(',').map((id) => all.find((each) => each.id === id) ?? fail(`there is no experiment ${id}`)) : all;
  if (options.list) return list(chosen);
  if (options.aws) return askAws(chosen.filter(({ minutes = 0 }) => options.slow || minutes <= slowMinutes), chosen, options);
  return askTheEmulator(chosen, all, options);
}

function read(args) {
  const flag = { type: 'boolean', default: false };
  try {
    const { values } = parseArgs({ args, options: { only: { type: 'string' }, list: flag, write: flag, aws: flag, slow: flag, yes: flag, help: { ...flag, short: 'h' } } });
    if (values.aws && values.write) fail('--write is for the emulator: --aws always writes observed/aws.json');
    if (!values.help) return values;
  } catch (error) {
    fail(`${error.message}\n\n${usage}`);
  }
  console.log(usage);
  process.exit(0);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}

async function experiments() {
  const folder = new URL('experiments/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.mjs')).sort();
  const all = (await Promise.all(files.map((name) => import(new URL(name, folder))))).flatMap((module) => module.default);
  const seen = new Set();
  for (const { id } of all) seen.has(id) ? fail(`two experiments are called ${id}`) : seen.add(id);
  return all;
}

function list(chosen) {
  for (const { id, question, minutes = 0 } of chosen) console.log(`${id}${minutes > 0 ? ` (${minutes} min on AWS)` : ''}\n    ${question}`);
  console.log(`${chosen.length} experiments`);
}

/** Runs one experiment; answers what it observed, or the error that it ended with, and what could not be removed. */
async function run({ observe, creates = {}, minutes = 0 }, service, signal) {
  const fixture = new Fixture(service, signal);
  const result = {};
  try {
    await service.begin();
    result.observed = fixture.plain(await observe(fixture));
    const created = Object.entries(fixture.created).filter(([kind, count]) => count > (creates[kind] ?? 0));
    if (created.length > 0) throw new Error(`it created ${created.map(([kind, count]) => `${count} ${kind}`).join(', ')}, and says that it creates ${JSON.stringify(creates)}`);
    if (fixture.minutes > minutes) throw new Error(`it waited ${fixture.minutes} minutes, and says ${minutes}`);
  } catch (error) {
    result.error = signal?.aborted ? new Error('interrupted') : error;
  }
  result.left = await fixture.close();
  return result;
}

async function askTheEmulator(chosen, all, { only, write }) {
  const service = emulator();
  const expected = observations('emulator');
  const observed = only ? { ...expected } : {};
  let [passed, failed] = [0, 0];
  const judge = (id, problem) => {
    problem ? failed++ : passed++;
    console.log(problem ? `FAILED  ${id}\n${problem}` : `ok      ${id}`);
  };

  for (const experiment of chosen) {
    const { id, question } = experiment;
    const { observed: seen, error, left } = await run(experiment, service);
    if (!error) observed[id] = seen;
    const rows = error || write ? [] : differences(expected[id], seen);
    if (error) judge(id, `  ${error.stack}`);
    else if (left.length > 0) judge(id, `  not removed: ${left.map(({ what, why }) => `${what} (${why})`).join(', ')}`);
    else if (!write && !(id in expected)) judge(id, '  observed/emulator.json has no observation of it; ./run --write adds it');
    else judge(id, rows.length > 0 && `  ${question}\n${table(rows, ['where', 'observed/emulator.json', 'now'])}`);
  }
  if (!only && !write) for (const id of Object.keys(expected)) if (!all.some((each) => each.id === id)) judge(id, '  observed/emulator.json has an observation of it, but there is no such experiment');

  await service.end();
  if (write) keep('emulator', observed);
  console.log(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

async function askAws(chosen, wanted, { yes }) {
  if (chosen.length === 0) fail(`All of these take more than ${slowMinutes} minutes: say --slow.`);
  const service = await aws().catch((error) => fail(`AWS cannot be asked: ${error.name}: ${error.message}`));
  announce(service, chosen, wanted);
  if (!yes && !(await isConfirmed())) return 1;

  const [expected, observed] = [observations('emulator'), observations('aws')];
  const signal = interruption();
  const [broken, left, different] = [[], [], []];
  let answered = 0;
  for (const experiment of chosen) {
    if (signal.aborted) break;
    const { id, question } = experiment;
    console.log(`asking  ${id}`);
    const result = await run(experiment, service, signal);
    left.push(...result.left);
    if (result.error) {
      broken.push({ id, error: result.error });
      continue;
    }
    answered++;
    observed[id] = result.observed;
    keep('aws', observed); // at once, so that what was learnt stays learnt
    const rows = differences(expected[id], result.observed);
    if (rows.length > 0) different.push({ id, question, rows });
  }

  for (const { id, question, rows } of different) console.log(`\n${id}: ${question}\n${table(rows, ['where', 'emulator', 'AWS'])}`);
  for (const { id, error } of broken) console.log(`\n${id} was not answered: ${error.message}`);
  for (const { what, why } of left) console.log(`\nleft behind: ${what} (${why})`);
  console.log(`\n${answered} answered, ${answered - different.length} alike, ${different.length} different, ${broken.length} not answered, ${left.length} left behind`);
  return broken.length > 0 || left.length > 0 || signal.aborted ? 1 : 0;
}

function announce({ region, endpoint }, chosen, wanted) {
  const total = {};
  for (const { creates = {} } of chosen) for (const [kind, count] of Object.entries(creates)) total[kind] = (total[kind] ?? 0) + count;
  const minutes = chosen.reduce((sum, { minutes: each = 0 }) => sum + each, 0);
  console.log(`AWS IoT at ${endpoint} in ${region}, with your credentials: ${chosen.length} experiments.`);
  console.log(`They create, one experiment after another, and remove again: ${Object.entries(total).map(([kind, count]) => `${count} ${kind}`).join(', ') || 'nothing'}.`);
  console.log('Every name begins with "conformance-". AWS bills what it bills for jobs and messages.');
  for (const setting of new Set(chosen.map(({ changes }) => changes).filter(Boolean)))
    console.log(`Some change ${setting} for the whole account, and put it back: ${chosen.filter(({ changes }) => changes === setting).map(({ id }) => id).join(', ')}.`);
  console.log(`They wait for ${minutes} minutes in all, and some seconds each besides.`);
  const left = wanted.filter((each) => !chosen.includes(each));
  if (left.length > 0) console.log(`Left out without --slow: ${left.map(({ id }) => id).join(', ')}.`);
}

async function isConfirmed() {
  if (!process.stdin.isTTY) {
    console.error('Nobody is there to be asked: say --yes to begin.');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Begin? (yes/no) ');
  terminal.close();
  return answer.trim().toLowerCase() === 'yes';
}

/** The first Ctrl+C ends the experiment and removes what it created; the second ends the process. */
function interruption() {
  const controller = new AbortController();
  process.once('SIGINT', () => {
    console.log('removing what was created; Ctrl+C again leaves it behind');
    controller.abort();
  });
  return controller.signal;
}

const file = (name) => new URL(`observed/${name}.json`, import.meta.url);

function observations(name) {
  try {
    return JSON.parse(readFileSync(file(name), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

function keep(name, observed) {
  const sorted = Object.fromEntries(Object.entries(observed).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file(name), `${JSON.stringify(sorted, null, 2)}\n`);
}

process.exit(await main());
