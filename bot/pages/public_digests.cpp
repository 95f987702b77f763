#include "bot/pages/public_digests.hpp"

#include <algorithm>
#include <utility>

#include "bot/base/text.hpp"

namespace broadsheet::pages {
namespace {

constexpr const char* kProfiles = "pages.profiles";
constexpr std::size_t kMostRead = 3200;  // stored digests looked at for one list

bool is_public(const store::DigestRef& ref, const Profiles& profiles) {
  if (ref.key.categories.size() != 1) return false;
  return !ref.imported.empty() || ref.key.profile.empty() || profiles.contains(ref.key.profile);
}

}  // namespace

Result<std::vector<store::DigestRef>> public_digests(store::Store& store, const Profiles& profiles,
                                                     std::optional<Day> day, std::optional<Category> category,
                                                     std::size_t limit) {
  for (auto read = limit;; read = std::min(read * 2, kMostRead)) {
    auto refs = store.digests().list(day, category, read);
    if (!refs) return refs.error();
    std::vector<store::DigestRef> out;
    std::set<std::pair<Category, Day>> told;
    for (auto& ref : *refs)
      if (is_public(ref, profiles) && told.emplace(ref.key.categories.front(), ref.key.day).second)
        out.push_back(std::move(ref));
    bool all = refs->size() < read || read >= kMostRead;
    if (!all && out.size() < limit) continue;
    out.resize(std::min(out.size(), limit));
    return out;
  }
}

Result<Profiles> remember_profile(store::Store& store, const std::string& current) {
  auto value = store.values().get(kProfiles);
  if (!value) return value.error();
  Profiles out;
  auto known = value->value_or("");
  for (auto profile : text::split(known, ' '))
    if (!profile.empty()) out.emplace(profile);
  if (current.empty() || !out.insert(current).second) return out;
  if (auto kept = store.values().put(kProfiles, known + " " + current); !kept) return kept.error();
  return out;
}

}  // namespace broadsheet::pages
