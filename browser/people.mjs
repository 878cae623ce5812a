// Somebody of each role in the demo, signed in.

import { execFileSync } from "node:child_process";
import { signIn } from "./launch.mjs";

/** A program's answer from the API of one space. */
async function api(portal, token, method, path, body) {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const answer = await fetch(`${portal}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** The program as a command beside the running server: `given.relais` in the environment `given.env`. */
export function relais(given, ...words) {
  return execFileSync(given.relais, words, { encoding: "utf8", env: { ...process.env, ...given.env } }).trim();
}

/** The API of a space for its administrator. */
export function administrator(given, space) {
  const token = relais(given, "token", "create", "--space", space, "--role", "admin");
  return (method, path, body) => api(given.portal, token, method, path, body);
}

/**
 * Everybody that a programme knows, as `{ role, state }`: members by role, employees, a manager, partners and customers.
 * They speak no language of their own any more, so that their browsers choose.
 */
export async function everybody(given, browser) {
  const ask = { marelle: administrator(given, "marelle"), sauge: administrator(given, "sauge") };
  const [members, marelle, sauge, teams] = await Promise.all([
    ask.marelle("GET", "/members"),
    ask.marelle("GET", "/advocates?limit=200"),
    ask.sauge("GET", "/advocates?limit=200"),
    ask.marelle("GET", "/teams?limit=200"),
  ]);
  const known = new Set(members.items.map((member) => member.advocate_id));
  const active = (list, kind) => list.items.filter((one) => one.kind === kind && one.registered_at && !one.left_on && !known.has(one.id));
  const [employee, manager] = active(marelle, "employee");
  const managed = teams.items.find((team) => !team.parent_id && teams.items.some((below) => below.parent_id === team.id));
  await ask.marelle("PATCH", `/teams/${managed.id}`, { manager_ids: [manager.id] });
  const people = [
    ...members.items.map((member) => ({ role: member.role, space: "marelle", id: member.advocate_id })),
    { role: "employee", space: "marelle", id: employee.id },
    { role: "manager", space: "marelle", id: manager.id },
  ];
  for (const [space, list] of Object.entries({ marelle, sauge })) {
    for (const kind of ["partner", "customer", "influencer"]) {
      const [one] = active(list, kind);
      if (one && !people.some(({ role }) => role === kind)) people.push({ role: kind, space, id: one.id });
    }
  }
  for (const person of people) {
    await ask[person.space]("PATCH", `/advocates/${person.id}`, { language: null });
    const address = relais(given, "sign-in-link", "--space", person.space, "--advocate", person.id);
    person.state = await signIn(browser, address);
  }
  return people;
}
