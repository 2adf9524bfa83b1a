//! Log-in at another provider (OpenID Connect Core 1.0): the authorization code flow with PKCE (RFC 7636), state and nonce.
//!
//! Nothing is asked of a provider before somebody wants to log in there. What it says about itself is kept for an hour.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use giaouoc_agreement::text::Text;
use giaouoc_store::Micros;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenVerifier,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError, TokenResponse as _,
};
use serde::Deserialize;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::waiting::Waiting;

/// `[[oidc]]` of the configuration: where people may log in besides.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its name in addresses: lower-case letters, digits, `-`.
    pub id: String,
    /// Its name on the button.
    pub name: Text,
    /// The issuer's address, as its tokens have it.
    pub issuer: String,
    /// What the provider calls this site.
    pub client_id: String,
    /// The file that has the provider's secret for this site and nothing else; nothing for a public client.
    pub client_secret_file: Option<PathBuf>,
    /// Whose addresses are taken from it, by domain; none takes all.
    #[serde(default)]
    pub domains: Vec<String>,
    #[serde(skip)]
    secret: Option<String>,
}

impl Provider {
    /// Looks at what is configured and reads the secret.
    ///
    /// # Errors
    /// When a value cannot be used, in both languages.
    pub fn checked(mut self, read: impl Fn(&Path) -> std::io::Result<String>) -> Result<Self, Text> {
        let named = self.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if self.id.is_empty() || !named {
            return Err(Text::new(
                format!("id = “{}”: chỉ gồm chữ thường a–z, chữ số, dấu -", self.id),
                format!("id = “{}”: lower-case letters a–z, digits and - only", self.id),
            ));
        }
        let host = self.issuer.strip_prefix("http://").map(|rest| rest.split([':', '/']).next());
        let near = matches!(host, Some(Some("localhost" | "127.0.0.1")));
        if IssuerUrl::new(self.issuer.clone()).is_err() || !(self.issuer.starts_with("https://") || near) {
            return Err(Text::new(
                format!("issuer = “{}”: phải là địa chỉ https://", self.issuer),
                format!("issuer = “{}”: must be an address with https://", self.issuer),
            ));
        }
        if let Some(file) = &self.client_secret_file {
            let secret = read(file).map_err(|error| Text::same(format!("{}: {error}", file.display())))?;
            self.secret = Some(secret.trim().to_owned());
        }
        for domain in &mut self.domains {
            *domain = domain.trim_start_matches('@').to_lowercase();
        }
        Ok(self)
    }

    /// Whether an address may come in through it.
    pub(crate) fn takes(&self, email: &str) -> bool {
        let domain = email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
        domain.is_some_and(|domain| self.domains.is_empty() || self.domains.contains(&domain))
    }
}

/// Why a log-in elsewhere came to nothing. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The provider does not answer, or not as it should.
    Away(String),
    /// What it gave cannot be believed.
    Token(String),
}

/// A log-in elsewhere that was begun.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub provider: String,
    pub nonce: String,
    pub verifier: String,
    pub to: String,
    pub at: Micros,
}

/// Who somebody is at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub sub: String,
    /// Their address, where the provider has verified it.
    pub email: Option<String>,
}

/// What a provider says about itself is kept so long.
const KEPT: Micros = 3_600 * 1_000_000;
/// Answers are not greater than this.
const GREATEST: u64 = 1 << 20;

/// Signatures that are believed: with a key of the provider's own, never with the shared secret, never none.
const SIGNED: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Log-ins under way by their state, and what providers said about themselves.
#[derive(Default)]
pub(crate) struct SignOns {
    /// Log-ins under way.
    pub begun: Waiting<Begun>,
    known: Mutex<HashMap<String, (Micros, Arc<CoreProviderMetadata>)>>,
}

impl SignOns {
    /// What a provider says about itself. Blocks.
    fn metadata(
        &self,
        provider: &Provider,
        now: Micros,
        anew: bool,
    ) -> Result<Arc<CoreProviderMetadata>, Refused> {
        let held = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&provider.id).cloned();
        if let Some((at, metadata)) = held
            && !anew
            && now - at < KEPT
        {
            return Ok(metadata);
        }
        let issuer = IssuerUrl::new(provider.issuer.clone()).map_err(|error| away(&error))?;
        let found = CoreProviderMetadata::discover(&issuer, &call).map_err(|error| away(&error))?;
        let found = Arc::new(found);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(provider.id.clone(), (now, Arc::clone(&found)));
        Ok(found)
    }

    /// The address at the provider where a visitor logs in. Blocks.
    pub fn address(
        &self,
        provider: &Provider,
        back: &str,
        state: &str,
        begun: &Begun,
    ) -> Result<String, Refused> {
        let metadata = self.metadata(provider, begun.at, false)?;
        let client = CoreClient::from_provider_metadata(
            (*metadata).clone(),
            ClientId::new(provider.client_id.clone()),
            None,
        );
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| away(&error))?;
        let client = client.set_redirect_uri(back);
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(begun.verifier.clone()));
        let (state, nonce) = (state.to_owned(), begun.nonce.clone());
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(address.to_string())
    }

    /// Exchanges a code for who somebody is. Blocks.
    pub fn finish(
        &self,
        provider: &Provider,
        back: &str,
        code: String,
        begun: &Begun,
    ) -> Result<Named, Refused> {
        let mut metadata = self.metadata(provider, begun.at, false)?;
        let client = CoreClient::from_provider_metadata(
            (*metadata).clone(),
            ClientId::new(provider.client_id.clone()),
            provider.secret.clone().map(ClientSecret::new),
        );
        let back = RedirectUrl::new(back.to_owned()).map_err(|error| away(&error))?;
        let mut client = client.set_redirect_uri(back);
        // Basic is what holds where a provider says nothing (Discovery 1.0 §3).
        if let Some(methods) = metadata.token_endpoint_auth_methods_supported()
            && !methods.contains(&CoreClientAuthMethod::ClientSecretBasic)
            && methods.contains(&CoreClientAuthMethod::ClientSecretPost)
        {
            client = client.set_auth_type(AuthType::RequestBody);
        }
        let asked = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| away(&error))?;
        let answer = asked
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()))
            .request(&call)
            .map_err(|error| away(&error))?;
        let token = answer.id_token().ok_or_else(|| Refused::Token("no ID token".to_owned()))?;
        let nonce = Nonce::new(begun.nonce.clone());
        let mut checked = claims(provider, &metadata, token, &nonce);
        if matches!(&checked, Err((_, true))) {
            // Signed with a key that is newer than what is known of the provider.
            metadata = self.metadata(provider, begun.at, true)?;
            checked = claims(provider, &metadata, token, &nonce);
        }
        let mut named = checked.map_err(|(refused, _)| refused)?;
        belongs(provider, &metadata, token, &nonce, answer.access_token())?;
        if named.email.is_none() && metadata.userinfo_endpoint().is_some() {
            // Many providers tell the address there only.
            let sub = openidconnect::SubjectIdentifier::new(named.sub.clone());
            let asked = client.user_info(answer.access_token().clone(), Some(sub));
            let told: CoreUserInfoClaims =
                asked.map_err(|error| away(&error))?.request(&call).map_err(|error| away(&error))?;
            named.email =
                told.email().filter(|_| told.email_verified() == Some(true)).map(|email| email.to_string());
        }
        Ok(named)
    }
}

fn verifier<'a>(provider: &Provider, metadata: &CoreProviderMetadata) -> CoreIdTokenVerifier<'a> {
    let (client, issuer) = (ClientId::new(provider.client_id.clone()), metadata.issuer().clone());
    let keys = metadata.jwks().clone();
    let verifier = match &provider.secret {
        Some(secret) => CoreIdTokenVerifier::new_confidential_client(
            client,
            ClientSecret::new(secret.clone()),
            issuer,
            keys,
        ),
        None => CoreIdTokenVerifier::new_public_client(client, issuer, keys),
    };
    verifier.set_allowed_algs(SIGNED)
}

/// Who a token names, if it is the provider's own, for this site, still good, and an answer to what was asked. With an error:
/// whether its key is unknown.
fn claims(
    provider: &Provider,
    metadata: &CoreProviderMetadata,
    token: &CoreIdToken,
    nonce: &Nonce,
) -> Result<Named, (Refused, bool)> {
    let claims = token.claims(&verifier(provider, metadata), nonce).map_err(|error| {
        let unknown = matches!(
            error,
            ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)
        );
        (Refused::Token(said(&error)), unknown)
    })?;
    let email = claims.email().filter(|_| claims.email_verified() == Some(true));
    Ok(Named { sub: claims.subject().to_string(), email: email.map(|email| email.to_string()) })
}

/// The access token is the one that the ID token speaks of, where it speaks of one (Core 1.0 §3.1.3.8).
fn belongs(
    provider: &Provider,
    metadata: &CoreProviderMetadata,
    token: &CoreIdToken,
    nonce: &Nonce,
    access: &openidconnect::AccessToken,
) -> Result<(), Refused> {
    let wrong = |error: &dyn std::error::Error| Refused::Token(said(error));
    let verifier = verifier(provider, metadata);
    let claims = token.claims(&verifier, nonce).map_err(|error| wrong(&error))?;
    let Some(expected) = claims.access_token_hash() else { return Ok(()) };
    let algorithm = token.signing_alg().map_err(|error| wrong(&error))?;
    let key = token.signing_key(&verifier).map_err(|error| wrong(&error))?;
    let found = AccessTokenHash::from_token(access, algorithm, key).map_err(|error| wrong(&error))?;
    if found == *expected { Ok(()) } else { Err(Refused::Token("another access token".to_owned())) }
}

fn away(error: &dyn std::error::Error) -> Refused {
    Refused::Away(said(error))
}

/// An error with what caused it.
fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text.chars().take(500).collect()
}

/// Why a provider was not reached.
#[derive(Debug, thiserror::Error)]
enum CallError {
    #[error("{0}")]
    Http(#[from] ureq::Error),
    #[error("{0}")]
    Answer(#[from] openidconnect::http::Error),
}

/// The client for all providers: the system's own list of authorities, nothing followed, nothing waited for long.
static AGENT: LazyLock<ureq::Agent> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> =
        found.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    ureq::Agent::config_builder()
        .tls_config(tls)
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(15)))
        .user_agent("giaouoc")
        .build()
        .new_agent()
});

fn call(request: HttpRequest) -> Result<HttpResponse, CallError> {
    let mut answer = AGENT.run(request)?;
    let body = answer.body_mut().with_config().limit(GREATEST).read_to_vec()?;
    let mut built = openidconnect::http::Response::builder().status(answer.status());
    for (name, value) in answer.headers() {
        built = built.header(name, value);
    }
    Ok(built.body(body)?)
}

#[cfg(test)]
mod tests;
