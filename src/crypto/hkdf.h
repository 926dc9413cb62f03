// HKDF with SHA-256 (RFC 5869): keys from a shared secret.
#pragma once

#include <span>
#include <string_view>

#include "base/bytes.h"
#include "base/secret.h"

namespace sluis::crypto {

// Extract and expand. `salt` may be empty. `info` names the purpose: two purposes never share one.
// REQUIRES: 0 < out.size() <= 255 * 32.
void hkdf_sha256(ByteSpan secret, ByteSpan salt, ByteSpan info, std::span<uint8_t> out);

// The same into secret memory.
SecretBytes hkdf_sha256(ByteSpan secret, ByteSpan salt, std::string_view info, size_t length);

}  // namespace sluis::crypto
