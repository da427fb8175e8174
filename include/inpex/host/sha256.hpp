// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA-256: content hashes of records, specs and files. Hashes text, never a machine's byte order.

#include <inpex/error.hpp>

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace inpex::host {

/// Hashes a text that comes in pieces.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    require(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  Sha256& add(std::string_view bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    return *this;
  }

  /// 64 lower-case hexadecimal digits of all that was added; call it once, last.
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
      text += digits[digest[i] >> 4U];
      text += digits[digest[i] & 15U];
    }
    return text;
  }

 private:
  static void require(bool ok) {
    if (!ok)
      throw Error(Fault::environment, "the OpenSSL library cannot compute SHA-256", "",
                  "install a libcrypto that provides SHA-256");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

/// SHA-256 of a text, as 64 hexadecimal digits.
inline std::string sha256(std::string_view bytes) { return Sha256{}.add(bytes).hex(); }

}  // namespace inpex::host
