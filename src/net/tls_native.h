// The OpenSSL side of TlsContext. Internal to net/.
#pragma once

#include "net/openssl_handles.h"
#include "net/tls_context.h"

namespace sluis::net {

struct TlsContext::Native {
  SslContextHandle context;
};

}  // namespace sluis::net
