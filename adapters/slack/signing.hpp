// Proof that a request comes from Slack (contracts: Slack 2). Checked over the raw body bytes before anything is
// parsed.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "bot/http/http.hpp"
#include "config/secret.hpp"

namespace broadsheet::slack {

enum class Proof : std::uint8_t {
  accepted,
  ssl_check,  // a certificate probe: 200 with an empty body and nothing else
  rejected,   // 401
};

class Verifier {
 public:
  // Several secrets during a rotation. None, or an empty one, is an Error: the empty key can be forged by anybody.
  static Result<Verifier> make(const std::vector<config::Secret>& secrets);

  // Takes the same time wherever the digests differ.
  Proof check(const http::Headers& headers, std::string_view body, Moment now) const;

 private:
  struct Key;
  std::vector<std::shared_ptr<const Key>> keys_;  // one per secret, prepared once
};

}  // namespace broadsheet::slack
