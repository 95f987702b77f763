#include "bot/cli/clock_option.hpp"

#include <charconv>
#include <cmath>
#include <vector>

#include "bot/app/platforms.hpp"
#include "bot/base/text.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::cli {
namespace {

constexpr double kFastest = 100000, kSlowest = 0.01;

bool is_fake(const std::string& address) {
  auto url = http::parse_url(address);
  return url && http::is_loopback(url->host);
}

}  // namespace

Result<std::shared_ptr<Clock>> make_clock(const std::string& text) {
  if (text.empty()) return std::shared_ptr<Clock>(std::make_shared<SystemClock>());
  auto cross = text.find('x');
  auto start = parse_iso(text.substr(0, cross));
  double rate = 1;
  bool good = true;
  if (cross != std::string::npos) {
    const char* end = text.data() + text.size();
    auto [at, ec] = std::from_chars(text.data() + cross + 1, end, rate);
    good = ec == std::errc{} && at == end && std::isfinite(rate) && rate >= kSlowest && rate <= kFastest;
  }
  if (!start || !good)
    return Error(ErrorKind::bad_input, "--clock: \"" + text::ellipsize(text, 40) +
                                           "\" is not TIME or TIMExRATE; write 2026-01-12T23:00:00Zx600 (rate 0.01 "
                                           "to 100000)");
  return std::shared_ptr<Clock>(std::make_shared<ScaledClock>(*start, rate));
}

std::string real_address(const config::Settings& settings) {
  std::vector<std::pair<std::string, std::string>> used = {{"arxiv.feed_url", settings.arxiv.feed_url},
                                                           {"arxiv.api_url", settings.arxiv.api_url},
                                                           {"arxiv.oai_url", settings.arxiv.oai_url},
                                                           {"arxiv.site_url", settings.arxiv.site_url}};
  for (auto& address : app::platform_addresses(settings)) used.push_back(std::move(address));
  if (settings.writer.kind == "openai") used.emplace_back("writer.base_url", settings.writer.base_url);
  for (const auto& [key, address] : used)
    if (!is_fake(address)) return key;
  return {};
}

}  // namespace broadsheet::cli
