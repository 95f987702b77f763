#include "bot/delivery/plan.hpp"

#include "bot/base/hash.hpp"
#include "digest/present/document.hpp"

namespace broadsheet::delivery {

using adapters::Part;
using model::PartKind;

std::vector<Part> parts_of(const Digest& digest, Style style) {
  // A day that brings nothing is told, and wakes nobody.
  auto kind = digest.cards.empty() ? PartKind::notice : PartKind::summary;
  if (style == Style::titles) return {{kind, present::digest_document(digest, style), {}}};
  std::vector<Part> out = {{kind, present::overview(digest), {}}};
  if (style == Style::brief) return out;
  std::size_t number = 0;
  for (const auto& card : digest.cards) {
    ++number;
    out.push_back({PartKind::card, present::card(card, style == Style::full, number), card.paper.id, number});
  }
  return out;
}

std::vector<model::OutgoingMessage> render_digest(const Digest& digest, const model::Effective& effective,
                                                  const adapters::Platform& platform, const std::string& page_url,
                                                  std::optional<Day> since) {
  adapters::RenderOptions options;
  options.thread = effective.thread;
  options.page_url = page_url;
  options.announced = digest.counts().announced;
  // A thread that is wanted and can be had holds the cards (spec: commands 9.2).
  options.combine = effective.thread == model::ThreadPolicy::off || !platform.capabilities().threads;
  options.digest = model::button_subject(digest.key.categories, digest.key.day, since);
  return platform.render(parts_of(digest, effective.style), options);
}

std::vector<model::NewRow> rows_of(const std::vector<model::OutgoingMessage>& messages, const PostOptions& options) {
  std::vector<model::NewRow> out;
  for (const auto& message : messages) {
    model::NewRow row;
    row.part = static_cast<int>(out.size());
    row.key =
        model::DeliveryKey(short_sha256(options.target.str() + "\n" + options.group + "\n" + std::to_string(row.part)));
    row.target = options.target;
    row.group = options.group;
    row.message = message;
    row.due = options.now;
    row.expires = options.now + options.lifetime;
    row.on_unknown = options.effective.on_unknown;
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace broadsheet::delivery
