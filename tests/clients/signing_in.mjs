// @ts-check
/**
 * An app of another that signs people in with openid-client, as it is published.
 *
 * Run: node signing_in.mjs '{"port", "issuer", "clientId", "way", "secret"?, "key"?}'. It serves
 * `/`, which begins; `/callback`, which shows what it got to know; and says "ready" when it listens.
 */

import { createServer } from "node:http";
import * as openid from "openid-client";

const told = JSON.parse(process.argv[2] ?? "{}");
const here = `http://127.0.0.1:${told.port}`;
const scope = "openid profile fhirUser offline_access";

/** @returns {Promise<openid.ClientAuth>} */
async function proof() {
  if (told.way === "client_secret_basic") return openid.ClientSecretBasic(told.secret);
  if (told.way === "none") return openid.None();
  const curve = { name: "ECDSA", namedCurve: "P-384" };
  const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-384" };
  const algorithm = told.key.kty === "EC" ? curve : rsa;
  const key = await crypto.subtle.importKey("jwk", told.key, algorithm, false, ["sign"]);
  return openid.PrivateKeyJwt({ key, kid: told.key.kid });
}

const config = await openid.discovery(
  new URL(told.issuer),
  told.clientId,
  { token_endpoint_auth_method: told.way },
  await proof(),
  { execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks] },
);

/** @type {{ verifier: string, state: string, nonce: string } | null} */
let asking = null;

async function begin() {
  const verifier = openid.randomPKCECodeVerifier();
  asking = { verifier, state: openid.randomState(), nonce: openid.randomNonce() };
  return openid.buildAuthorizationUrl(config, {
    redirect_uri: `${here}/callback`,
    scope,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: asking.state,
    nonce: asking.nonce,
  });
}

/** @param {URL} url */
async function finish(url) {
  if (asking === null) throw new Error("nobody asked");
  const tokens = await openid.authorizationCodeGrant(config, url, {
    pkceCodeVerifier: asking.verifier,
    expectedState: asking.state,
    expectedNonce: asking.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error("no identity");
  const who = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
  const next = await openid.refreshTokenGrant(config, tokens.refresh_token ?? "");
  const seen =
    told.way === "none" ? null : await openid.tokenIntrospection(config, next.access_token);
  await openid.tokenRevocation(config, next.access_token);
  const after = await openid.fetchUserInfo(config, next.access_token, claims.sub).then(
    () => "still there",
    () => "gone",
  );
  return { name: who["name"], sub: claims.sub, active: seen?.active ?? null, after };
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", here);
  try {
    if (url.pathname === "/") {
      response.writeHead(302, { Location: (await begin()).href }).end();
    } else if (url.pathname === "/callback") {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.end(JSON.stringify(await finish(url)));
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    const { code, error: named, error_description: said, cause } = /** @type {any} */ (error);
    response.writeHead(500, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ failed: String(error), code, named, said, cause: String(cause) }));
  }
});
server.listen(told.port, "127.0.0.1", () => console.log("ready"));
