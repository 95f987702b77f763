// Digests in any form: what is accepted comes back as it was.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "digest/present/f1.hpp"
#include "digest/present/f2.hpp"
#include "digest/present/html.hpp"
#include "digest/record/json.hpp"

using namespace broadsheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  if (auto digest = present::f1_from_text(input))
    if (present::to_f1(*digest) != input) std::abort();
  if (auto digest = present::f2_from_text(input))
    if (digest->imported.format == "f2" && present::to_f2(*digest, present::F2Form::original) != input) std::abort();
  if (auto digest = record::digest_from_json(input)) {
    auto again = record::digest_from_json(record::to_json(*digest));
    if (!again || !(*again == *digest)) std::abort();
    if (present::digest_page(*digest).find("<script") != std::string::npos) std::abort();
  }
  return 0;
}
