package licensespring

import (
	"cmp"
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"handback/app/fault"
)

// proxy returns the profile's proxy, else the environment's. It returns none for plain
// http, which only goes to this computer.
func (c *Client) proxy(r *http.Request) (*url.URL, error) {
	if loopback(r.URL.Hostname()) && r.URL.Scheme == "http" {
		return nil, nil
	}
	proxy := c.Proxy
	if proxy == nil {
		var err error
		if proxy, err = environmentProxy(r.URL, os.Getenv); proxy == nil || err != nil {
			return nil, err
		}
	}
	trailOf(r.Context()).setProxy(proxy.Host)
	return proxy, nil
}

// proxyVariables are read in this order. If one is not set, its name in small letters is
// read.
var proxyVariables = []string{"HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"}

// environmentProxy returns the proxy that the environment names for an https address, or
// nil. net/http ignores a value that it cannot parse, and would connect directly, which
// the administrator may not want. Here each variable must be an address; the first one for
// https is used. The error does not show the value, which may contain a password.
func environmentProxy(address *url.URL, getenv func(string) string) (*url.URL, error) {
	either := func(name string) string { return cmp.Or(getenv(name), getenv(strings.ToLower(name))) }
	port := cmp.Or(address.Port(), "443")
	if loopback(address.Hostname()) || excepted(address.Hostname(), port, either("NO_PROXY")) {
		return nil, nil
	}
	var chosen *url.URL
	for _, name := range proxyVariables {
		value := either(name)
		if value == "" {
			continue
		}
		proxy, ok := parseProxy(value)
		if !ok {
			return nil, fault.New(fault.Connection, "answer.proxy_address", "variable", name)
		}
		if chosen == nil && name != "HTTP_PROXY" {
			chosen = proxy
		}
	}
	return chosen, nil
}

// parseProxy parses a proxy's address. Without a scheme it is http.
func parseProxy(text string) (*url.URL, bool) {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") ||
		strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "" ||
		!slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil, false
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, false
		}
	}
	return u, true
}

// excepted reports whether NO_PROXY exempts a host, as net/http reads the variable: a list
// of hosts with their subdomains and of addresses, each with or without a port, and of
// networks; or a star for everything.
func excepted(host, port, list string) bool {
	host = strings.ToLower(host)
	ip, _ := netip.ParseAddr(host)
	ip = ip.Unmap()
	for entry := range strings.SplitSeq(list, ",") {
		entry = strings.ToLower(strings.TrimSpace(entry))
		if entry == "*" {
			return true
		}
		if network, err := netip.ParsePrefix(entry); err == nil {
			if network.Contains(ip) {
				return true
			}
			continue
		}
		if name, only, err := net.SplitHostPort(entry); err == nil {
			if only != port {
				continue
			}
			entry = name
		}
		entry = strings.TrimPrefix(entry, "*")
		if one, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil && one.Unmap() == ip {
			return true
		}
		if entry != "" && (host == entry || strings.HasSuffix(host, "."+strings.TrimPrefix(entry, "."))) {
			return true
		}
	}
	return false
}

// proxyAnswer returns the error for a proxy that refused to connect. It names the proxy's
// host, never its password.
func proxyAnswer(_ context.Context, proxy *url.URL, _ *http.Request, answer *http.Response) error {
	switch answer.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusProxyAuthRequired:
		return fault.New(fault.Connection, "answer.proxy_login", "proxy", proxy.Host)
	}
	return fault.New(fault.Connection, "answer.proxy_refused", "proxy", proxy.Host, "status", answer.StatusCode)
}
