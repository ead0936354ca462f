// An identity provider for tests: PORT ISSUER REDIRECT. Whoever logs in has the name as an
// e-mail address, which is verified unless it begins with "unverified". Two clients share a
// secret and an address to go back to. Its own pages ask for the name.
import Provider from "oidc-provider"

const [port, issuer, redirect] = process.argv.slice(2)
const client = (client_id) => ({ client_id, client_secret: "a-client-secret-for-tests", redirect_uris: [redirect], grant_types: ["authorization_code"], response_types: ["code"] })
const provider = new Provider(issuer, {
	clients: [client("handback"), client("other")],
	claims: { openid: ["sub"], email: ["email", "email_verified"] },
	conformIdTokenClaims: false,
	pkce: { required: () => false },
	cookies: { keys: ["for tests"] },
	findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified") }) }),
})
provider.proxy = true
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"))
