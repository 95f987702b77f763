#include "bot/places/subscription_exchange.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/model/option_table.hpp"
#include "bot/places/configured.hpp"
#include "bot/places/hindrance.hpp"
#include "config/load.hpp"
#include "config/show.hpp"

namespace broadsheet::places {
namespace {

using model::Subscription;

Result<std::vector<Subscription>> read(std::string_view text, const std::string& file) {
  // A foreign file must not read this machine's secrets.
  config::Environment nothing{[](const std::string&) { return std::nullopt; },
                              [](const std::string& path) -> Result<std::string> {
                                return Error(ErrorKind::not_allowed, path + " is not read for an import");
                              }};
  auto loaded = config::load_text(text, file, nothing);
  if (loaded.settings)
    for (std::size_t i = 0; i < loaded.settings->subscriptions.size() && loaded.settings; ++i)
      if (auto wrong = filter_hindrance(loaded.settings->subscriptions[i].options))
        loaded.add("subscription[" + std::to_string(i + 1) + "].filter", wrong->what, config::Weight::wrong);
  if (loaded.problems.empty()) return fixed_subscriptions(*loaded.settings);
  std::vector<std::string> lines;
  for (const auto& problem : loaded.problems) lines.push_back(config::to_string(problem));
  return Error(ErrorKind::bad_input, text::join(lines, "\n"));
}

bool same(const Subscription& a, const Subscription& b) {
  return a.target == b.target && a.categories == b.categories;
}

std::string count(std::size_t n, const std::string& what) {
  return std::to_string(n) + " " + what;
}

}  // namespace

std::string export_subscriptions(const std::vector<Subscription>& all, const model::Options& service) {
  std::string out;
  for (const auto& one : all) {
    if (one.fixed) continue;
    if (one.state != model::SubscriptionState::active) out += "\n# Not active: " + text::collapse_space(one.why);
    auto decided = one;
    decided.options = model::options_of(model::resolve({one.options, service}));
    out += config::show(decided);
  }
  return out;
}

Result<std::string> import_subscriptions(store::Subscriptions& store, std::string_view text, const std::string& file,
                                         Moment now) {
  auto wanted = read(text, file);
  if (!wanted) return wanted.error();
  auto known = store.all();
  if (!known) return known.error();
  std::size_t added = 0, changed = 0, as_before = 0;
  for (auto& one : *wanted) {
    auto old = std::find_if(known->begin(), known->end(), [&](const auto& k) { return same(k, one); });
    if (old != known->end() && (old->fixed || old->options == one.options)) {
      ++as_before;
      continue;
    }
    one.fixed = false;
    one.made_by = "import";
    one.created = now;
    if (old != known->end()) {
      one.id = old->id;
      one.created = old->created;
    }
    if (auto put = store.put(one); !put) return put.error();
    ++(old == known->end() ? added : changed);
  }
  return count(added, "added") + ", " + count(changed, "changed") + ", " + count(as_before, "as before.");
}

}  // namespace broadsheet::places
