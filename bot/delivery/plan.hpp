// A digest becomes an ordered list of messages: a pure function of the record, the target's options and the platform,
// the same over restarts and versions of this program as long as the texts are the same (spec: product 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/model/subscription.hpp"
#include "bot/store/outbox.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::delivery {

// The parts of a digest, for posts and answers alike: brief is the overview; cards adds a part a card, full the same
// with abstracts; titles is one list of everything announced.
std::vector<adapters::Part> parts_of(const Digest& digest, Style style);

struct PostOptions {
  model::Target target;
  model::Effective effective;
  std::string group;  // name of the post: subscription and slot
  std::string page_url;
  Moment now{};
  std::chrono::hours lifetime{24};  // then it is superseded (design: reliability P3)
};

// `since`: the first listing day, when the digest covers several.
std::vector<model::OutgoingMessage> render_digest(const Digest& digest, const model::Effective& effective,
                                                  const adapters::Platform& platform, const std::string& page_url,
                                                  std::optional<Day> since = std::nullopt);
// Rows of one post, in order, with keys that are the same whenever the same post is planned.
std::vector<model::NewRow> rows_of(const std::vector<model::OutgoingMessage>& messages, const PostOptions& options);

}  // namespace broadsheet::delivery
