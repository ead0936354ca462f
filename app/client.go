package app

import (
	"net/url"

	"handback/app/licensespring"
	"handback/app/profile"
	"handback/app/secret"
)

// client returns a client with the profile's credentials: the cached one, if it is for the
// same secret and job.
func (a *App) client(key secret.Secret, job Submit) *licensespring.Client {
	c := a.cached
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client == nil || !c.key.Equal(key) || c.endpoint != job.Endpoint || c.multipart != job.Multipart || c.bundle != job.Bundle {
		c.client, c.key, c.endpoint, c.multipart, c.bundle = a.newClient(key, job), key, job.Endpoint, job.Multipart, job.Bundle
	}
	return c.client
}

func (a *App) newClient(key secret.Secret, job Submit) *licensespring.Client {
	p := a.Profile
	client := &licensespring.Client{
		Endpoint:  a.endpoint(job),
		Secret:    key,
		Multipart: job.Multipart,
		Bundle:    p.Product.Bundle || job.Bundle,
		Now:       a.Now,
		Transport: a.Transport,
		UserAgent: "Handback/" + Version,
		ExtraCA:   []byte(p.Server.ExtraCA),
		Rate:      p.Server.Rate,
	}
	if p.Server.Proxy != "" {
		client.Proxy, _ = url.Parse(p.Server.Proxy) // the profile was checked
	}
	if p.Authorization.Method == profile.OAuth {
		client.ClientID, client.TokenURL = p.Authorization.ClientID, p.Authorization.TokenURL
	} else {
		client.APIKey = p.Authorization.APIKey
	}
	if job.Endpoint != "" && p.Practice { // the operator's own sandbox, over the network
		client.Transport = nil
	}
	return client
}
