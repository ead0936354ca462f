package web

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"handback/app/desk"
	"handback/app/secret"
)

// OpenID lets people log in through an identity provider. Who may log in is decided at the
// desk: the provider says only that somebody is whom an e-mail address names.
type OpenID struct {
	issuer string
	client *http.Client

	mu       sync.Mutex
	config   oauth2.Config  // its Endpoint is the provider's
	provider *oidc.Provider // nil until it has answered
	asked    time.Time      // when it was asked last
	err      error          // why it has not answered
}

// NewOpenID returns an identity provider by its issuer's address. Public is the address of the
// desk, to which the provider sends people back. The provider is asked how it is used by
// [OpenID.Ready], or when somebody logs in first.
func NewOpenID(issuer, clientID string, key secret.Secret, public string) *OpenID {
	return &OpenID{issuer: issuer, client: &http.Client{Timeout: 15 * time.Second}, config: oauth2.Config{ClientID: clientID, ClientSecret: key.Reveal(),
		RedirectURL: strings.TrimSuffix(public, "/") + "/desk/openid/back", Scopes: []string{oidc.ScopeOpenID, "email"}}}
}

// askAgain is how long a provider that did not answer is not asked again: those who log in
// wait for each other.
const askAgain = 2 * time.Second

// Ready asks the provider how it is used, unless it is known, and fails if it does not say.
func (o *OpenID) Ready(ctx context.Context) error {
	_, _, err := o.use(ctx)
	return err
}

func (o *OpenID) use(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil && (o.err == nil || time.Since(o.asked) > askAgain) {
		// Whoever waits behind the one who asks needs the answer, too.
		o.provider, o.err = oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), o.client), o.issuer)
		o.asked = time.Now()
		if o.err == nil {
			o.config.Endpoint = o.provider.Endpoint()
		}
	}
	config := o.config
	return o.provider, &config, o.err
}

// loginTime is how long the answer of the provider is waited for.
const loginTime = 10 * time.Minute

// setLogin sets the cookie with what the answer of the provider must match. Over https it is
// for this host alone, as the session's is: no other host can start somebody's login.
func setLogin(v *visit, value string, age int) {
	// Lax, not Strict: the provider's page sends the browser back.
	http.SetCookie(v.reply, &http.Cookie{Name: cookie(v.Request) + "-login", Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: scheme(v.Request) == "https", SameSite: http.SameSiteLaxMode})
}

func (s *Server) startOpenID(v *visit) error {
	_, config, err := s.options.OpenID.use(v.Context())
	if err != nil {
		s.options.Log.Error("the identity provider cannot be used", "id", peerOf(v.Request).id, "error", err.Error())
		return v.loginPage(http.StatusServiceUnavailable, errOpenID)
	}
	state, nonce, verifier := desk.NewToken(), desk.NewToken(), oauth2.GenerateVerifier()
	setLogin(v, state+"."+nonce+"."+verifier, int(loginTime.Seconds()))
	http.Redirect(v.reply, v.Request, config.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), http.StatusSeeOther)
	return nil
}

// endOpenID logs in whom the provider sent back, if the address is verified and the desk
// knows it.
func (s *Server) endOpenID(v *visit) error {
	person, err := s.identified(v)
	if err != nil {
		s.options.Log.Warn("login failed", "id", peerOf(v.Request).id, "error", err.Error())
		if errors.Is(err, desk.ErrUnavailable) {
			return err
		}
		if errors.Is(err, errOpenID) {
			return v.loginPage(http.StatusServiceUnavailable, errOpenID)
		}
		return v.loginPage(http.StatusUnauthorized, errLogin)
	}
	return s.start(v, person)
}

func (s *Server) identified(v *visit) (desk.Person, error) {
	o := s.options.OpenID
	c, err := v.Cookie(cookie(v.Request) + "-login")
	if err != nil {
		return desk.Person{}, err
	}
	setLogin(v, "", -1)
	state, rest, _ := strings.Cut(c.Value, ".")
	nonce, verifier, _ := strings.Cut(rest, ".")
	query := v.URL.Query()
	if state == "" || subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(state)) != 1 {
		return desk.Person{}, errors.New("the state is another one")
	}
	provider, config, err := o.use(v.Context()) // another instance may have begun
	if err != nil {
		return desk.Person{}, errOpenID.Because(err)
	}
	ctx := oidc.ClientContext(v.Context(), o.client)
	token, err := config.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return desk.Person{}, errors.New("the provider gave no token")
	}
	raw, _ := token.Extra("id_token").(string) // none: Verify fails
	id, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return desk.Person{}, errors.New("the provider's token is not valid")
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return desk.Person{}, err
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 || !strings.Contains(claims.Email, "@") || !claims.Verified {
		return desk.Person{}, errors.New("the address is not verified")
	}
	return s.desk.Store.Person(v.Context(), claims.Email)
}
