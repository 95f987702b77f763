// Certificates made for one test.
#pragma once

#include <string>

namespace broadsheet::test {

struct Certificate {
  std::string certificate, key;  // PEM
};

// Self-signed for `name`, valid from `begin` to `end` seconds from now.
Certificate make_certificate(const std::string& name, long begin, long end);

}  // namespace broadsheet::test
