// Events of any shape: read or ignored, never more than the event said.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "adapters/matrix/discovery.hpp"
#include "adapters/matrix/incoming.hpp"
#include "adapters/matrix/outcome.hpp"
#include "adapters/matrix/sync.hpp"

using namespace broadsheet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(data, data + size);
  matrix::Self self{"@bot:example.org", "Bot", "!arxiv"};
  auto batch = matrix::read_sync(text, self, {});
  if (batch && batch->next_batch.empty()) std::abort();
  if (auto json = matrix::parse_object(text)) {
    auto incoming = matrix::read_event(*json, {}, self, {});
    if (const auto* typed = std::get_if<matrix::Typed>(&incoming))
      if (typed->text.empty() || typed->head.sender == self.user_id) std::abort();
  }
  (void)matrix::classify(403, text, {});
  (void)matrix::explain(500, text);
  (void)matrix::read_well_known(200, text);
  if (matrix::wait_of({429, {{"Retry-After", text}}, text}) > std::chrono::hours(1)) std::abort();
  return 0;
}
