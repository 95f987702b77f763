#include "adapters/slack/handles.hpp"

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"

namespace broadsheet::slack {
namespace {

constexpr std::string_view kHome = "home:", kUnfurl = "unfurl:";

}  // namespace

std::string home_handle(std::string_view user, std::string_view section) {
  return std::string(kHome) + std::string(user) + ":" + std::string(section);
}

std::optional<HomeSection> read_home_handle(std::string_view handle) {
  if (!handle.starts_with(kHome)) return std::nullopt;
  auto rest = handle.substr(kHome.size());
  auto colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return HomeSection{std::string(rest.substr(0, colon)), std::string(rest.substr(colon + 1))};
}

std::string unfurl_handle(const Unfurl& u) {
  return std::string(kUnfurl) + dump({{"channel", u.channel}, {"ts", u.ts}, {"url", u.url}, {"paper", u.paper}});
}

std::optional<Unfurl> read_unfurl_handle(std::string_view handle) {
  if (!handle.starts_with(kUnfurl)) return std::nullopt;
  auto tree = parse_json(handle.substr(kUnfurl.size()));
  if (!tree) return std::nullopt;
  return Unfurl{text_at(*tree, {"channel"}), text_at(*tree, {"ts"}), text_at(*tree, {"url"}),
                text_at(*tree, {"paper"})};
}

}  // namespace broadsheet::slack
