export const usage = `Keys of partners, and the keys that gateways sign with.

  npm run keys -- issue --partner acme --customer cus_0003 --scopes catalog:read,orders:read
  npm run keys -- list [--partner acme]
  npm run keys -- rotate key_… [--overlap-hours 24]     a successor; both are good until the overlap is over, 720 h at most
  npm run keys -- revoke key_…                          dead at every gateway within 5 s
  npm run keys -- assertion-key                         a gateway's ASSERTION_KEY, and the ASSERTION_PUBLIC_KEYS of services

  issue takes further:
  --plan standard         the limits that apply, by name
  --days 365              when it expires, 3650 at most; never where absent
  --signing-key FILE      a public key (PEM, Ed25519 or P-256); every request must then be signed (RFC 9421)

A key is shown once, by issue and by rotate. Only its hash is sent and kept.
Reads ACCOUNTS_ADDRESSES (127.0.0.1:4010) and ASSERTION_KEY (in development: the one in .facet).`;
