//! Signing in through the company's OpenID Connect provider.
//!
//! Authorization code with PKCE (S256), state and nonce. The three are computed from the asking
//! browser's secret and a state that is good once: nothing of them is stored but the state's digest,
//! and another browser cannot complete what this one began.
//!
//! Who somebody is, is (issuer, subject). The address matters once, at the first sign-in: a verified
//! one of the space's domains joins the subject with the advocate who was invited with it, or makes
//! a new one. After that the provider may change it as it likes.

mod config;
mod fetch;
mod link;

pub use config::{Config, InvalidOidc};

use std::sync::Arc;

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Algorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use parking_lot::Mutex;
use secrecy::ExposeSecret as _;
use subtle::ConstantTimeEq as _;

use super::sign_in::{LIFE_MS, SignedIn};
use super::site::next_path;
use super::{Auth, Secret};
use crate::model::SpaceId;
use crate::store::{OidcRequestRecord, StoreError};
use fetch::Fetch;
use link::Subject;

/// Path of the page that the provider sends people back to.
pub const CALLBACK: &str = "/sign-in/oidc/callback";
/// How long the provider's description and keys are used before they are asked for again.
const DESCRIPTION_MS: i64 = 10 * 60_000;

/// Signatures that are taken: of the provider's own keys, never `none` and never the shared secret.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// The installation's identity provider.
#[derive(Debug, Clone)]
pub struct Oidc {
    auth: Auth,
    config: Arc<Config>,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    fetch: Arc<Fetch>,
    described: Arc<Mutex<Option<(i64, CoreProviderMetadata)>>>,
}

/// Why somebody is not signed in through the provider.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The answer belongs to nothing that this browser began, or it came before, or too late.
    #[error("this sign-in was not begun in this browser, or it is over")]
    State,
    /// The provider said no, or nothing that can be used.
    #[error("the identity provider refused: {0}")]
    Provider(String),
    /// What the provider signed is not good here.
    #[error("the identity provider's token is not good: {0}")]
    Token(#[from] ClaimsVerificationError),
    /// The person may not come in: an unknown address, an unverified one, or somebody who has left.
    /// Who it is stays unsaid: this is logged.
    #[error("this account of the identity provider may not sign in to this space")]
    Stranger,
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the provider sent the browser back with.
#[derive(Debug)]
pub struct Callback<'a> {
    /// To be exchanged for the token.
    pub code: &'a str,
    /// What [`Oidc::begin`] sent along.
    pub state: &'a str,
    /// Who the provider says that it is (RFC 9207); many say nothing.
    pub issuer: Option<&'a str>,
}

impl Oidc {
    /// None when the configuration names no provider.
    ///
    /// # Errors
    /// [`InvalidOidc`] when the issuer is no address, or not encrypted.
    pub fn new(auth: Auth, config: Config) -> Result<Option<Self>, InvalidOidc> {
        if config.issuer.is_empty() {
            return Ok(None);
        }
        config.check()?;
        let issuer = IssuerUrl::new(config.issuer.clone()).map_err(|_| InvalidOidc::Issuer)?;
        let redirect = RedirectUrl::new(auth.site().address(CALLBACK)).map_err(|_| InvalidOidc::Issuer)?;
        let (config, fetch, described) = (Arc::new(config), Arc::new(Fetch::new()), Arc::default());
        Ok(Some(Self { auth, config, issuer, redirect, fetch, described }))
    }

    /// What people call the provider.
    pub fn name(&self) -> &str {
        if self.config.name.is_empty() { self.issuer.as_str() } else { &self.config.name }
    }

    /// Begins a sign-in: the address at the provider that the browser is to go to.
    ///
    /// # Errors
    /// [`OidcError::Provider`] when the provider cannot be reached.
    pub async fn begin(&self, space: SpaceId, browser: &Secret, next: &str) -> Result<String, OidcError> {
        let described = self.described(false).await?;
        let state = Secret::draw();
        let mut writing = self.auth.store.write().await?;
        let request = OidcRequestRecord {
            state: state.hash(),
            space,
            browser: browser.hash(),
            next: next_path(next),
            ends_at_ms: writing.at_ms() + LIFE_MS,
        };
        writing.insert_oidc_request(&request).await?;
        writing.commit().await?;
        let (nonce, verifier) = derived(browser, &state);
        let client = self.client(described).set_redirect_uri(self.redirect.clone());
        let csrf = CsrfToken::new(state.expose().to_owned());
        let (address, _, _) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || csrf, move || nonce)
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("profile".to_owned()))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(address.into())
    }

    /// Completes a sign-in in the browser that began it, once.
    ///
    /// # Errors
    /// [`OidcError`].
    pub async fn complete(
        &self,
        callback: &Callback<'_>,
        browser: Option<&Secret>,
        former: Option<&Secret>,
    ) -> Result<SignedIn, OidcError> {
        let state = Secret::read(callback.state).ok_or(OidcError::State)?;
        let browser = browser.ok_or(OidcError::State)?;
        let request = self.take(&state, browser).await?;
        if callback.issuer.is_some_and(|issuer| issuer != self.issuer.as_str()) {
            return Err(OidcError::Provider("the answer names another issuer".to_owned()));
        }
        let (nonce, verifier) = derived(browser, &state);
        let token = self.exchange(callback.code, verifier).await?;
        let subject = self.subject(&token, &nonce).await?;
        link::sign_in(&self.auth, &self.config, &subject, &request, former).await
    }

    /// Takes the sign-in that this browser began; there is none a second time.
    async fn take(&self, state: &Secret, browser: &Secret) -> Result<OidcRequestRecord, OidcError> {
        let mut writing = self.auth.store.write().await?;
        let request = writing.take_oidc_request(&state.hash()).await?.ok_or(OidcError::State)?;
        let own = bool::from(request.browser.ct_eq(&browser.hash()));
        if !own || request.ends_at_ms <= writing.at_ms() {
            return Err(OidcError::State);
        }
        writing.commit().await?;
        Ok(request)
    }

    async fn exchange(&self, code: &str, verifier: PkceCodeVerifier) -> Result<CoreIdToken, OidcError> {
        let client = self.client(self.described(false).await?).set_redirect_uri(self.redirect.clone());
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|error| OidcError::Provider(error.to_string()))?
            .set_pkce_verifier(verifier);
        let answer = request.request_async(&*self.fetch).await.map_err(|error| OidcError::Provider(plain(&error)))?;
        let token = answer.id_token().cloned();
        token.ok_or_else(|| OidcError::Provider("it sent no ID token: check that the client may use openid".to_owned()))
    }

    /// Who the token is about, once everything about it is checked. Keys that the provider has
    /// changed since are asked for once more.
    async fn subject(&self, token: &CoreIdToken, nonce: &Nonce) -> Result<Subject, OidcError> {
        let described = self.described(false).await?;
        match self.verified(&described, token, nonce) {
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let described = self.described(true).await?;
                Ok(self.verified(&described, token, nonce)?)
            }
            known => Ok(known?),
        }
    }

    fn verified(
        &self,
        described: &CoreProviderMetadata,
        token: &CoreIdToken,
        nonce: &Nonce,
    ) -> Result<Subject, ClaimsVerificationError> {
        let clock = self.auth.store.clock().clone();
        let id = ClientId::new(self.config.client_id.clone());
        let verifier = CoreIdTokenVerifier::new_public_client(id, self.issuer.clone(), described.jwks().clone())
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || (std::time::UNIX_EPOCH + link::since_1970(&clock)).into());
        let claims = token.claims(&verifier, nonce)?;
        Ok(Subject {
            issuer: claims.issuer().as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            email: claims
                .email()
                .filter(|_| claims.email_verified() == Some(true))
                .map(|email| email.as_str().trim().to_lowercase()),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.as_str().to_owned()),
        })
    }

    /// What the provider says of itself, asked for anew when it is old or `now`.
    async fn described(&self, now: bool) -> Result<CoreProviderMetadata, OidcError> {
        let now_ms = self.auth.store.clock().now_ms();
        let known = self.described.lock().clone();
        if let Some((at_ms, known)) = known
            && !now
            && now_ms - at_ms < DESCRIPTION_MS
        {
            return Ok(known);
        }
        // Two who ask at once both ask the provider: nobody waits for another's slow answer.
        let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &*self.fetch).await;
        let found = found.map_err(|error| OidcError::Provider(plain(&error)))?;
        if found.token_endpoint().is_none() {
            return Err(OidcError::Provider("it names no token endpoint".to_owned()));
        }
        *self.described.lock() = Some((now_ms, found.clone()));
        Ok(found)
    }

    fn client(&self, described: CoreProviderMetadata) -> Client {
        let secret = self.config.client_secret.expose_secret();
        let secret = (!secret.is_empty()).then(|| ClientSecret::new(secret.to_owned()));
        CoreClient::from_provider_metadata(described, ClientId::new(self.config.client_id.clone()), secret)
    }
}

type Client = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

/// Nonce and PKCE verifier of a sign-in, which only the browser that began it can compute again.
fn derived(browser: &Secret, state: &Secret) -> (Nonce, PkceCodeVerifier) {
    let derive = |purpose: &str| browser.derive(&format!("oidc {purpose} {}", state.expose()));
    (Nonce::new(derive("nonce")), PkceCodeVerifier::new(derive("pkce")))
}

/// An error with its causes, in one line.
fn plain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
