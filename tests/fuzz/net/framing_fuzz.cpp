// The header check against its own promises: an accepted header has clean lines, one framing and a bounded target, and
// the check gives the same verdict however the bytes arrive.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "bot/base/text.hpp"
#include "bot/http/url.hpp"
#include "bot/net/framing.hpp"

namespace http = broadsheet::http;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view bytes(reinterpret_cast<const char*>(data), size);
  http::HeadLimits limits{256, 64};
  auto scan = http::scan_head(bytes, limits);
  if (scan.refused != 0 || scan.size == 0) return 0;
  for (std::size_t n = 0; n < scan.size; ++n) {
    auto early = http::scan_head(bytes.substr(0, n), limits);
    require(early.refused == 0 && early.size == 0);
  }
  auto head = http::check_head(bytes.substr(0, scan.size), limits);
  if (head.refused != 0) return 0;
  require(http::is_token(head.method) && !head.target.empty() && head.target.size() <= limits.max_target);
  auto lower = broadsheet::text::lower_ascii(bytes.substr(0, scan.size));
  auto lengths = occurrences(lower, "\ncontent-length:"), codings = occurrences(lower, "\ntransfer-encoding:");
  require(lengths + codings <= 1);
  require(occurrences(lower, "\n ") == 0 && occurrences(lower, "\n\t") == 0);
  (void)http::parse_target(head.target);
  return 0;
}
