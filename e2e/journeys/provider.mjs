// A provider of log-ins (the npm package oidc-provider, certified by the OpenID Foundation) for the journey of accounts: anybody
// logs in as any name, and NAME@vidu.vn is their verified address; "unverified" has one that is not.
//
// node provider.mjs PACKAGE PORT REDIRECT-URI
const [, , entry, port, back] = process.argv;
const { Provider } = await import(entry);
const issuer = `http://localhost:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "giaouoc", client_secret: "bi-mat-cua-ung-dung-0123456789", redirect_uris: [back], token_endpoint_auth_method: "client_secret_basic" }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  pkce: { required: () => true },
  cookies: { keys: ["journey"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@vidu.vn`, email_verified: id !== "unverified" }),
  }),
});
provider.on("server_error", (_, error) => console.error(error));
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
